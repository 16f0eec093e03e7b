// Runs in the page that shows a notebook: draws the live views there and takes their updates. Text is only ever set as
// text. Everything that it is told comes from our own kernel.
(() => {
  const version = 1;
  if (globalThis.ptutils?.version >= version) return;

  /** More points than this in a line are thinned: to a screen they look the same. */
  const longest = 2000;
  /** Milliseconds without news after which a view that goes on says so. */
  const silence = 8000;
  const views = new Map();

  const configuration = () => {
    try {
      return JSON.parse(document.getElementById("jupyter-config-data").textContent);
    } catch {
      return undefined;
    }
  };

  const load = (url) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = () => globalThis.Plotly ? resolve() : reject(new Error("it is not Plotly"));
      script.onerror = () => reject(new Error("it could not be loaded"));
      document.head.append(script);
    });

  let loading;
  /** Plotly: the page's own, or from the first of the urls that has it; else it is waited for. */
  const plotly = (urls) =>
    loading ??= (async () => {
      const base = configuration()?.baseUrl ?? "/";
      for (const url of urls) {
        if (globalThis.Plotly) break;
        await load(url.replace("{base}", base)).catch(() => {});
      }
      while (!globalThis.Plotly) await new Promise((resolve) => setTimeout(resolve, 100));
    })();

  /** The lowest and the highest of each few points. */
  const thin = (x, y) => {
    const kept = [], size = Math.ceil(4 * y.length / longest);
    for (let start = 0; start < y.length; start += size) {
      let low = start, high = start;
      for (let i = start; i < Math.min(start + size, y.length); i++) {
        if (y[i] < y[low]) low = i;
        if (y[i] > y[high]) high = i;
      }
      kept.push(...(low === high ? [low] : low < high ? [low, high] : [high, low]));
    }
    return { x: kept.map((i) => x[i]), y: kept.map((i) => y[i]) };
  };

  const draw = (view, figure) =>
    figure.data.length > 0 && // axes of nothing would look like a fault
    globalThis.Plotly.react(view.chart, figure.data, figure.layout, { responsive: true, displaylogo: false });

  const extend = (view, points) => {
    const lines = view.chart.data, at = points.map(([line]) => line);
    globalThis.Plotly.extendTraces(view.chart, { x: points.map(([, x]) => x), y: points.map(([, , y]) => y) }, at);
    for (const index of at) {
      const line = lines[index];
      if (line.y.length > longest) Object.assign(line, thin(line.x, line.y));
    }
  };

  /** Takes what has come, in order; while Plotly is not there it waits. */
  const flush = (view) => {
    if (!view.drawn) return;
    for (const { f, p } of view.queue.splice(0)) {
      if (f) draw(view, f);
      if (p) extend(view, p);
    }
  };

  const part = (view, name) => view.root.querySelector(`[data-part="${name}"]`);

  const write = (view, { t = {}, b }) => {
    for (const [name, text] of Object.entries(t)) {
      const element = part(view, name);
      if (element) element.textContent = text;
    }
    const bar = part(view, "bar");
    if (bar && b !== undefined) bar.style.width = `${100 * b}%`;
  };

  /** Forgets a view that the page shows no more. */
  const leave = (view, id, watch) => {
    clearInterval(watch);
    if (view.drawn) globalThis.Plotly.purge(view.chart);
    if (views.get(id) === view) views.delete(id);
  };

  const interrupt = async (view, kernel) => {
    // A second one would give the step up.
    part(view, "stop").disabled = true;
    write(view, { t: { note: "stopping after this step …" } });
    const token = document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "";
    const url = `${configuration().baseUrl}api/kernels/${encodeURIComponent(kernel)}/interrupt`;
    const answer = await fetch(url, { method: "POST", headers: { "X-XSRFToken": token } }).catch(() => undefined);
    if (answer?.ok) return;
    write(view, { t: { note: "the server did not take it: use the notebook's own Stop button" } });
    part(view, "stop").disabled = false;
  };

  globalThis.ptutils = {
    version,
    /** What is drawn, for whoever looks from outside. */
    views,
    /** Begins a view in the element of its id. */
    async open(id, { figure, urls, kernel, again }) {
      const root = document.getElementById(id);
      if (!root) return;
      const view = { root, chart: part({ root }, "chart"), queue: [], drawn: false, frames: 0, heard: Date.now() };
      views.set(id, view);
      const stop = part(view, "stop");
      if (stop && kernel && configuration()) {
        stop.hidden = false;
        stop.onclick = () => interrupt(view, kernel);
      }
      const watch = setInterval(() => {
        if (!root.isConnected || views.get(id) !== view) return leave(view, id, watch);
        if (Date.now() - view.heard > silence) write(view, { t: { note: again } });
      }, 1000);
      if (!view.chart) return;
      await plotly(urls);
      await draw(view, figure);
      view.drawn = true;
      flush(view);
    },
    /** One update: `t` texts, `b` the bar, `f` a new figure, `p` points of lines, `l` that there is nothing to stop. */
    frame(id, update) {
      const view = views.get(id);
      if (!view) return;
      view.heard = Date.now();
      view.frames++;
      write(view, update);
      if (update.l) part(view, "stop")?.remove();
      if (update.t && !("note" in update.t)) write(view, { t: { note: "" } });
      if (update.f || update.p) view.queue.push(update);
      flush(view);
    },
  };
})();
