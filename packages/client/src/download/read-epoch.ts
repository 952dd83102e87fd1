// An epoch as it came over a wire, checked.
import { type Epoch, epochSchema } from '@wireroom/protocol';

export const readEpoch = (value: unknown): Epoch | undefined => epochSchema.safeParse(value).data;
