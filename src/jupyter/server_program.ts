/**
 * The program that serves kernels to one process of ours, in Python. Its first line of input is its orders as JSON; when
 * the input ends, because we do, however that was, it ends its kernels and itself. It keeps its files in a private
 * folder, and says its port when it listens. A session of its own keeps the terminal's Ctrl-C from it: what that means
 * is for us to say.
 */
export const serverProgram = `
import json, os, signal, sys, tempfile, threading

if hasattr(os, "setsid"):
    os.setsid()
signal.signal(signal.SIGINT, signal.default_int_handler) # else, were it ignored here, no kernel could be stopped
os.environ.pop("JUPYTER_TOKEN", None) # that of another server, and nothing for our kernels
orders = json.loads(sys.stdin.readline())

def follow():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)

from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from traitlets.config import Config

def promptly(opened):
    async def open(self, kernel_id):
        self.set_nodelay(True) # else each small message waits 40 ms for the one before it to be acknowledged
        await opened(self, kernel_id)
    return open

KernelWebsocketHandler.open = promptly(KernelWebsocketHandler.open)

config = Config()
config.IdentityProvider.token = orders["token"]
config.ServerApp.update({
    "ip": "127.0.0.1", "port": 0, "root_dir": orders["root"], "open_browser": False, "allow_root": True,
    "log_level": "ERROR",
})
config.ZMQChannelsWebsocketConnection.update({"iopub_msg_rate_limit": 0, "iopub_data_rate_limit": 0})
config.KernelRestarter.update({"restart_limit": 0, "time_to_dead": 1.0})
with tempfile.TemporaryDirectory(prefix="ptutils-jupyter-") as private:
    app = ServerApp.instance(config=config, config_dir=private, runtime_dir=private)
    app.write_server_info_file = app.write_browser_open_files = lambda: None # they would hold the token
    app.initialize([], find_extensions=False)
    threading.Thread(target=follow, daemon=True).start()
    app.io_loop.add_callback(lambda: print(json.dumps({"port": app.port}), flush=True))
    app.start()
`;
