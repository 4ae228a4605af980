"""A small web application: says which Pod answered and in which version, and leaves without dropping a request."""
import os
import signal
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

VERSION = os.environ.get("APP_VERSION", "v1")
NAME = os.environ.get("HOSTNAME", socket.gethostname())
# Without a container a Pod's address is one of several on the machine, and HOST says which; in one, all are its own.
ADDRESS = (os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "5000")))
QUIET_SECONDS = 1.0  # how long after TERM it still answers, until load balancers have looked elsewhere


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"Hello from {NAME} version {VERSION}\n".encode()
        found = self.path in ("/", "/healthz")
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body) if found else 0))
        self.end_headers()
        if found:
            self.wfile.write(body)

    def log_message(self, format, *args):
        print(f"{self.client_address[0]} {format % args}", flush=True)


class Server(ThreadingHTTPServer):
    daemon_threads = False  # server_close() waits for requests under way
    request_queue_size = 128

    def server_bind(self):
        TCPServer.server_bind(self)  # HTTPServer would look its own name up in the DNS first
        self.server_name, self.server_port = NAME, self.server_address[1]


def main():
    server = Server(ADDRESS, Handler)

    def leave():
        time.sleep(QUIET_SECONDS)
        server.shutdown()

    def on_term(signum, _frame):
        print(f"got signal {signum}, leaving", flush=True)
        threading.Thread(target=leave).start()

    signal.signal(signal.SIGTERM, on_term)
    print(f"my-python-app {VERSION} listening on {ADDRESS[0]}:{ADDRESS[1]}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()


main()
