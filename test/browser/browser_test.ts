// The notebook as its user sees it: JupyterLab, the kernel, a browser. One of each for all tests.
import "./run_cases.ts";
import "./stop_cases.ts";
import "./output_cases.ts";
import "./still_cases.ts";
import "./fault_cases.ts";
