"""What the official client does; it takes its kubeconfig from KUBECONFIG. A step that went well says so in a line."""

from kubernetes import client, config, dynamic, utils, watch
from kubernetes.stream import stream

NAMESPACE = "official"
LIMIT_SECONDS = 60


def pod(name, image):
    return {"metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": image}]}}


def wait_for(listing, is_met):
    """Watches until an object meets the condition."""
    watcher = watch.Watch()
    for event in watcher.stream(listing, NAMESPACE, timeout_seconds=LIMIT_SECONDS):
        if is_met(event["object"]):
            return event["object"]
    raise AssertionError("the watch ended before")


def objects(core):
    core.create_namespace({"metadata": {"name": NAMESPACE}})
    core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "a"}, "data": {"k": "1"}})
    core.patch_namespaced_config_map("a", NAMESPACE, {"data": {"l": "2"}})
    assert core.read_namespaced_config_map("a", NAMESPACE).data == {"k": "1", "l": "2"}
    core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "b", "labels": {"x": "y"}}})
    assert len(core.list_namespaced_config_map(NAMESPACE, label_selector="x in (y,z)").items) == 1
    first = core.list_namespaced_config_map(NAMESPACE, limit=1)
    assert first.metadata.remaining_item_count == 2  # beside these the certificates of the cluster
    rest = core.list_namespaced_config_map(NAMESPACE, limit=9, _continue=first.metadata._continue)
    assert [each.metadata.name for each in first.items + rest.items] == ["a", "b", "kube-root-ca.crt"]
    core.delete_namespaced_config_map("a", NAMESPACE)
    print("ok objects")


def refusals(core):
    for status, reason, call in [
        (404, "NotFound", lambda: core.read_namespaced_pod("none", NAMESPACE)),
        (409, "AlreadyExists", lambda: core.create_namespace({"metadata": {"name": NAMESPACE}})),
        (422, "Invalid", lambda: core.create_namespace({"metadata": {"name": "Not_A_Name"}})),
    ]:
        try:
            call()
        except client.ApiException as error:
            assert error.status == status and f'"reason":"{reason}"' in error.body, error.body
        else:
            raise AssertionError(f"{reason} was expected")
    print("ok refusals")


def deployment(apps):
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": pod("", "server")["spec"]}
    spec = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
    apps.create_namespaced_deployment(NAMESPACE, {"metadata": {"name": "web"}, "spec": spec})
    wait_for(apps.list_namespaced_deployment, lambda each: each.status.ready_replicas == 2)
    apps.patch_namespaced_deployment_scale("web", NAMESPACE, {"spec": {"replicas": 1}})
    assert apps.read_namespaced_deployment_scale("web", NAMESPACE).spec.replicas == 1
    wait_for(apps.list_namespaced_deployment, lambda each: each.status.replicas == 1)
    apps.delete_namespaced_deployment("web", NAMESPACE)
    print("ok deployment")


def streams(core):
    core.create_namespaced_pod(NAMESPACE, pod("one", "server"))
    wait_for(core.list_namespaced_pod, lambda each: each.metadata.name == "one" and each.status.phase == "Running")
    for line in watch.Watch().stream(core.read_namespaced_pod_log, name="one", namespace=NAMESPACE):
        assert line == "hello", line
        break
    command = ["sh", "-c", "echo said; exit 4"]
    session = stream(
        core.connect_get_namespaced_pod_exec, "one", NAMESPACE, command=command, stdout=True, stderr=True, _preload_content=False
    )
    session.run_forever(timeout=LIMIT_SECONDS)
    assert (session.read_stdout(), session.returncode) == ("said\n", 4)
    core.delete_namespaced_pod("one", NAMESPACE, grace_period_seconds=1)
    print("ok streams")


def kinds_at_run_time():
    api = client.ApiClient()
    names = {"plural": "gadgets", "singular": "gadget", "kind": "Gadget"}
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    spec = {"group": "clients.example", "scope": "Namespaced", "names": names, "versions": [version]}
    definition = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    utils.create_from_dict(api, {**definition, "metadata": {"name": "gadgets.clients.example"}, "spec": spec})
    gadgets = dynamic.DynamicClient(api).resources.get(api_version="clients.example/v1", kind="Gadget")
    body = {"apiVersion": "clients.example/v1", "kind": "Gadget", "metadata": {"name": "g"}, "spec": {"size": 1}}
    made = gadgets.server_side_apply(namespace=NAMESPACE, name="g", body=body, field_manager="me")
    assert made.metadata.managedFields[0].manager == "me"
    assert [each.spec.size for each in gadgets.get(namespace=NAMESPACE).items] == [1]
    print("ok kinds at run time")


config.load_kube_config()
objects(client.CoreV1Api())
refusals(client.CoreV1Api())
deployment(client.AppsV1Api())
streams(client.CoreV1Api())
kinds_at_run_time()
