// What decisions among so many prompts cost in this browser, in microseconds: the very first one of a page, and then those of the best of
// many short goes, since what disturbs can only slow down.
async function measure(address, base64, prompts) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const glue = await import(address);
  glue.initSync({ module: await WebAssembly.compile(bytes) });
  glue.stand(prompts);
  const begun = performance.now();
  glue.decide(1);
  const first = (performance.now() - begun) * 1000;
  if (!glue.stands()) throw new Error("the scene is not what it should be");
  const go = (run) => {
    const begun = performance.now();
    let times = 0;
    do {
      run(1);
      times++;
    } while (performance.now() - begun < 10);
    return ((performance.now() - begun) * 1000) / times;
  };
  const best = (run) => Math.min(...Array.from({ length: 100 }, () => go(run)));
  return { first, decide: best(glue.decide), tell: best(glue.tell) };
}
