// The units of the part `faults` of the course: each block is what it says.
import { describeUnits } from './course-units.contract.ts';

describeUnits('faults');
