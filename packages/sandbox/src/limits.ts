// Every bound of the sandbox: whoever presses a button must not be able to fill a memory or to keep a port.

/** A scene that takes longer is ended; what it has shown until then stays. The longest of ours waits for 5 s. */
export const SCENE_MS_MAX = 30_000;

/** What `pauseMs` may ask for. */
export const PAUSE_MS_MAX = 10_000;

/** TCP connections that one scene opens, both ends of a proxy counted. */
export const CONNECTIONS_MAX = 256;

/** Connections of one scene that are recorded; the others are only counted. */
export const RECORDINGS_MAX = 16;

/** Records of one connection. Past it they are counted in a `dropped` record. */
export const RECORDS_MAX = 2_000;

/** Recorded bytes of one connection. Past it only small chunks are kept, so that a Close frame can still be seen. */
export const RECORDED_BYTES_MAX = 256 * 1024;

/** What is a small chunk. */
export const SMALL_CHUNK_BYTES = 1024;

/** Of the scene `own-bytes`: what may be sent. */
export const OWN_BYTES_MAX = 64 * 1024;

/** Bytes that a scripted client keeps of what it reads; the oldest frames are forgotten first. */
export const HEARD_FRAMES_MAX = 1_000;

/** How long the ends may take to say goodbye when a scene is over; then they are cut. */
export const GOODBYE_MS_MAX = 250;
