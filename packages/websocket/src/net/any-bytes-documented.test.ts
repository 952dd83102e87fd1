// The same as in any-bytes.test.ts where zlib has no handle that we could use: by its documented functions only.
import { describeCompressedBytes } from './any-bytes.contract.ts';
import { rawDeflate } from './raw-deflate.ts';

rawDeflate.usesHandle = false;

describeCompressedBytes('its documented functions');
