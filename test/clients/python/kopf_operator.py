"""An operator by kopf: it answers each Widget with a status and holds it by a finalizer. Its steps are told on stdout."""

import kopf

KIND = ("clients.example", "v1", "widgets")


@kopf.on.create(*KIND)
def created(body, spec, patch, **_):
    patch.status["seen"] = spec["size"]
    kopf.info(body, reason="Seen", message="made")
    print("ok created", flush=True)


@kopf.on.update(*KIND)
def updated(diff, spec, patch, **_):
    patch.status["seen"] = spec["size"]
    print("ok updated", *[f"{before}->{after}" for _, _, before, after in diff], flush=True)


@kopf.on.delete(*KIND)
def deleted(**_):
    print("ok deleted", flush=True)
