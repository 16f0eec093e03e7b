// Runs in the page of JupyterLab, for page.ts: what a test does there and sees there.
(() => {
  const app = () => globalThis.jupyterapp;
  const panelOf = (path) => [...app().shell.widgets("main")].find((widget) => widget.context?.path === path);
  const cellOf = (path, cell) => panelOf(path).content.widgets[cell];
  const command = (name, args) => app().commands.execute(name, args);

  const at = async (path, cell) => {
    app().shell.activateById(panelOf(path).id);
    panelOf(path).content.activeCellIndex = cell;
    await undefined;
  };

  /** The live views that a cell shows. */
  const viewsIn = (node) =>
    [...globalThis.ptutils?.views.values() ?? []].filter(({ root }) => root.isConnected && node.contains(root));

  globalThis.lab = {
    async open(path) {
      await app().restored;
      await command("docmanager:open", { path, factory: "Notebook" });
      const panel = panelOf(path);
      await panel.context.ready;
      await panel.sessionContext.ready;
      await panel.revealed;
    },
    async run(path, cell) {
      await at(path, cell);
      await command("notebook:run-cell");
    },
    async runAll(path) {
      await at(path, 0);
      await command("notebook:run-all-cells");
    },
    async save(path) {
      await at(path, panelOf(path).content.activeCellIndex);
      await command("docmanager:save");
    },
    async close(path) {
      const panel = panelOf(path);
      await panel.sessionContext.shutdown();
      panel.dispose();
    },
    async theme(theme) {
      await command("apputils:change-theme", { theme });
    },
    /** What a cell shows: its text, its pictures, its charts, what became of its run. */
    see(path, cell) {
      const { model, outputArea: { node } } = cellOf(path, cell);
      return {
        text: node.innerText,
        html: node.innerHTML,
        trusted: model.trusted,
        errors: model.outputs.toJSON().filter(({ output_type }) => output_type === "error").map(({ ename }) => ename),
        pictures: [...node.querySelectorAll("img")].map((img) => img.complete ? img.naturalWidth : 0),
        plots: [...node.querySelectorAll(".js-plotly-plot")].map((plot) => ({
          live: plot.dataset.part === "chart",
          drawn: plot.querySelectorAll("svg path.js-line").length,
          points: (plot.data ?? []).map(({ y }) => y.length),
        })),
        parts: Object.fromEntries(
          [...node.querySelectorAll("[data-part]")].map((part) => [
            part.dataset.part,
            part.dataset.part === "bar" ? part.style.width : part.dataset.part === "chart" ? "" : part.textContent,
          ]),
        ),
        frames: viewsIn(node).map(({ frames }) => frames),
      };
    },
    /** Gives an element of a cell's output a mark, to find it from outside. */
    mark(path, cell) {
      const { outputArea: { node } } = cellOf(path, cell);
      node.dataset.cell = `${path}-${cell}`;
      node.scrollIntoView({ block: "start" });
      return `[data-cell="${node.dataset.cell}"]`;
    },
    outputs: (path) => panelOf(path).content.widgets.map(({ model }) => model.outputs?.toJSON() ?? []),
    toolbar: (path) => `#${CSS.escape(panelOf(path).id)}`,
    /** Puts a cell at the end; gives its number. */
    add(path, source) {
      const { sharedModel } = panelOf(path).content.model;
      return sharedModel.insertCell(sharedModel.cells.length, { cell_type: "code", source }) &&
        sharedModel.cells.length - 1;
    },
  };
})();
