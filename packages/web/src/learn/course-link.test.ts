import { expect, it } from 'vitest';
import { courseLink } from './course-link.ts';

it('leads from unit to unit inside the page', () => {
  expect(courseLink('05-why-mask.md', 'interview')).toEqual({
    kind: 'unit',
    href: '#learn/interview/05-why-mask',
  });
  expect(courseLink('../faults/03-1006.md', 'practice')).toEqual({
    kind: 'unit',
    href: '#learn/faults/03-1006',
  });
});

it('leads to the web, and only by http', () => {
  expect(courseLink('https://www.rfc-editor.org/rfc/rfc6455', 'practice').kind).toBe('web');
  expect(courseLink('javascript:alert(1)', 'practice').kind).toBe('file');
});

it('names a file of the repository, which the page does not have', () => {
  expect(courseLink('../../../../examples/course/exercises/01-handshake.ts', 'practice')).toEqual({
    kind: 'file',
    path: 'examples/course/exercises/01-handshake.ts',
  });
});
