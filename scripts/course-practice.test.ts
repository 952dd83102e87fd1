// The units of the part `practice` of the course: each block is what it says.
import { describeUnits } from './course-units.contract.ts';

describeUnits('practice');
