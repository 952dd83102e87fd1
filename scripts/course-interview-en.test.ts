// The interview questions of the course in English: each block is what it says. Their measurements take their time, so each
// language has a file.
import { describeUnits } from './course-units.contract.ts';

describeUnits('interview', ['en']);
