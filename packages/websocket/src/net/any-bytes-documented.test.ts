// The same as in any-bytes.test.ts on a Node without the handles that we could use: by documented functions only.
import '../testing/documented-paths.ts';
import { describeCompressedBytes, describePlainBytes } from './any-bytes.contract.ts';

describePlainBytes('documented functions');
describeCompressedBytes('documented functions');
