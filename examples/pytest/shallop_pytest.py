"""Fixtures of pytest: one control plane of shallop for a run of tests, and a cluster of its own for each test.

Needs the `shallop` command (npm install -g shallop); SHALLOP names another one, with its arguments. Only the standard library
is used: any client of Kubernetes takes `cluster.kubeconfig`, a file.
"""

import json
import os
import re
import shlex
import ssl
import subprocess
import tempfile
import uuid
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

CLUSTERS = "/apis/shallop.dev/v1/logicalclusters"


@dataclass
class Cluster:
    """A logical cluster: a whole Kubernetes API."""

    name: str
    url: str
    kubeconfig: Path
    tls: ssl.SSLContext

    def request(self, method, path, body=None, content_type="application/json"):
        """Sends one request and returns the object of the answer. Raises ApiError for a refusal."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, {"Content-Type": content_type}, method=method)
        try:
            with urlopen(request, context=self.tls) as answer:
                return json.load(answer)
        except HTTPError as error:
            raise ApiError(json.load(error)) from None

    def watch(self, path):
        """Yields the events of a watch until the loop is left."""
        with urlopen(self.url + path, context=self.tls) as answer:
            for line in answer:
                yield json.loads(line)


class ApiError(Exception):
    """A refusal of the server; `status` is its whole answer."""

    def __init__(self, status):
        super().__init__(status.get("message"))
        self.status = status


@pytest.fixture(scope="session")
def shallop():
    """The control plane, as its cluster `default`."""
    with tempfile.TemporaryDirectory(prefix="shallop-pytest-") as folder:
        kubeconfig = Path(folder, "kubeconfig")
        options = ["--data-dir", f"{folder}/data", "--kubeconfig", str(kubeconfig), "--port", "0", "--runtime", "fake"]
        command = [*shlex.split(os.environ.get("SHALLOP", "shallop")), "up", "--stop-pods", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            url = ready(process)
            yield Cluster("default", url, kubeconfig, tls_of(kubeconfig.read_text(), folder))
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()


@pytest.fixture
def cluster(shallop, tmp_path):
    """A cluster of this test's own, removed after it."""
    name = f"t-{uuid.uuid4().hex[:12]}"
    body = {"apiVersion": "shallop.dev/v1", "kind": "LogicalCluster", "metadata": {"name": name}}
    shallop.request("POST", CLUSTERS, body)
    for event in shallop.watch(f"{CLUSTERS}?watch=true&fieldSelector=metadata.name={name}"):
        if event["object"].get("status", {}).get("phase") == "Ready":
            break
    url = f"{shallop.url}/clusters/{name}"
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(shallop.kubeconfig.read_text().replace(shallop.url, url))
    yield Cluster(name, url, kubeconfig, shallop.tls)
    shallop.request("DELETE", f"{CLUSTERS}/{name}")


def ready(process):
    """Reads what the command says until it serves."""
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("ready "):
            return line.split()[1]
    raise RuntimeError(f"shallop up ended with {process.wait()}:\n{''.join(said)}")


def tls_of(kubeconfig, folder):
    """The certificates of a kubeconfig with one context."""

    def pem(field):
        return b64decode(re.search(rf"{field}-data: (\S+)", kubeconfig)[1]).decode()

    pair = Path(folder, "admin.pem")
    pair.touch(mode=0o600)
    pair.write_text(f"{pem('client-certificate')}\n{pem('client-key')}\n")
    context = ssl.create_default_context(cadata=pem("certificate-authority"))
    context.load_cert_chain(pair)
    return context
