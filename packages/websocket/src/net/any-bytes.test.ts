// Any bytes to whole connections, by whatever this Node has.
import { describeCompressedBytes, describePlainBytes } from './any-bytes.contract.ts';

describePlainBytes('what this Node has');
describeCompressedBytes('what this Node has');
