// The 2.x client, under its alias in package.json: what the tests call of it, it shares with 4.x.
declare module 'socket.io-client-2' {
  const connect: typeof import('socket.io-client').io;
  export default connect;
}
