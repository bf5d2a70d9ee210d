// oxlint-disable unicorn/require-post-message-target-origin
process.parentPort.on('message', ({ data }) => {
  console.log('argument', process.argv.at(-1), process.type);
  process.parentPort.postMessage({ got: data });
  if (data === 'die') process.kill(process.pid, 'SIGKILL');
  else setImmediate(() => process.exit(0));
});
