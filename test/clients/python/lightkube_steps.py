"""What lightkube does; it takes its kubeconfig from KUBECONFIG. A step that went well says so in a line."""

from lightkube import ApiError, Client
from lightkube.models.core_v1 import Container, PodSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import ConfigMap, Namespace, Pod

client = Client(field_manager="lightkube", namespace="lightkube")
client.create(Namespace(metadata=ObjectMeta(name="lightkube")))


def settings(data):
    return ConfigMap(apiVersion="v1", kind="ConfigMap", metadata=ObjectMeta(name="a", namespace="lightkube"), data=data)


applied = client.apply(settings({"k": "1"}))
assert applied.metadata.managedFields[0].operation == "Apply"
assert client.apply(settings({"l": "2"})).data == {"l": "2"}
assert client.patch(ConfigMap, "a", {"data": {"m": "3"}}).data == {"l": "2", "m": "3"}
try:
    client.apply(settings({"m": "4"}), field_manager="other")
except ApiError as error:
    assert error.status.code == 409 and error.status.details.causes[0].reason == "FieldManagerConflict"
else:
    raise AssertionError("a conflict was expected")
print("ok apply")

client.create(Pod(metadata=ObjectMeta(name="one"), spec=PodSpec(containers=[Container(name="c", image="server")])))
assert client.wait(Pod, "one", for_conditions=["Ready"]).status.phase == "Running"
assert next(iter(client.log("one", follow=True))).strip() == "hello"
client.delete(Pod, "one", grace_period=1)
for kind, _ in client.watch(Pod, server_timeout=60):
    if kind == "DELETED":
        break
assert list(client.list(Pod)) == []
print("ok pod")
