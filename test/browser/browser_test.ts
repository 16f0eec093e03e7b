// The notebook as its user sees it: JupyterLab, the kernel, a browser. One of each for all tests.
import "./run_cases.ts";
import "./stop_cases.ts";
import "./background_cases.ts";
import "./fault_cases.ts";
import "./kernel_cases.ts";
