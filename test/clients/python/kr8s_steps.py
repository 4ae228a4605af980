"""What kr8s does; it takes its kubeconfig from KUBECONFIG. A step that went well says so in a line."""

import kr8s
from kr8s.objects import Deployment, Namespace, Pod

LIMIT_SECONDS = 60

api = kr8s.api()
assert {"pods", "deployments", "namespaces"} <= {each["name"] for each in api.api_resources()}
Namespace({"metadata": {"name": "kr8s"}}).create()
print("ok discovery")

labels = {"app": "web"}
containers = [{"name": "c", "image": "server"}]
template = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
web = Deployment({"metadata": {"name": "web", "namespace": "kr8s"}, "spec": spec})
web.create()
web.wait("condition=Available", timeout=LIMIT_SECONDS)
web.scale(2)
web.wait("jsonpath='{.status.readyReplicas}'=2", timeout=LIMIT_SECONDS)
assert len(web.pods()) == 2
web.delete()
print("ok deployment")

one = Pod({"metadata": {"name": "one", "namespace": "kr8s"}, "spec": {"containers": containers}})
one.create()
one.wait("condition=Ready", timeout=LIMIT_SECONDS)
one.label(tried="yes")
one.patch({"metadata": {"annotations": {"note": "n"}}})
assert dict(one.labels) == {"tried": "yes"} and one.annotations["note"] == "n"
assert next(iter(one.logs(follow=True))) == "hello"
assert one.exec(["echo", "said"]).stdout == b"said\n"
one.delete(grace_period=1)
one.wait("delete", timeout=LIMIT_SECONDS)
print("ok pod")
