// Loads what a place of the course shows, in the page's language. The old text stays until the new one is there.
import { useEffect, useState } from 'react';
import type { CourseDocument, CourseIndex } from './course-document.ts';
import { loadIndex, loadUnit } from './course-source.ts';
import type { LearnPlace } from './learn-place.ts';

export interface Shown {
  readonly index: CourseIndex;
  /** Absent: the index is shown. */
  readonly unit?: { readonly slug: string; readonly text: CourseDocument };
  readonly place: LearnPlace;
}

export type Course =
  | { readonly state: 'loading' }
  | { readonly state: 'failed' }
  | { readonly state: 'shown'; readonly shown: Shown };

export function useCourse(place: LearnPlace, language: string, attempt: number): Course {
  const [course, setCourse] = useState<Course>({ state: 'loading' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt loads again
  useEffect(() => {
    let isWanted = true;
    load(place, language).then(
      (shown) => isWanted && setCourse({ state: 'shown', shown }),
      () => isWanted && setCourse({ state: 'failed' }),
    );
    return () => {
      isWanted = false;
    };
  }, [place, language, attempt]);
  return course;
}

async function load(place: LearnPlace, language: string): Promise<Shown> {
  const { part, slug } = place;
  const [index, text] = await Promise.all([
    loadIndex(language),
    part === undefined || slug === undefined ? undefined : loadUnit(language, part, slug),
  ]);
  return text === undefined || slug === undefined ? { index, place } : { index, unit: { slug, text }, place };
}
