//! What an operator by kube-rs does; it takes its kubeconfig from KUBECONFIG. A step that went well says so in a line.

use std::{sync::Arc, time::Duration};

use futures::StreamExt;
use k8s_openapi::{
    api::core::v1::{ConfigMap, Pod},
    apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition,
};
use kube::{
    api::{Api, AttachParams, DeleteParams, ListParams, LogParams, Patch, PatchParams, PostParams},
    runtime::{
        controller::{Action, Controller},
        finalizer::{finalizer, Event},
        reflector,
        wait::{await_condition, conditions, Condition},
        watcher, WatchStreamExt,
    },
    Client, CustomResource, CustomResourceExt, Resource, ResourceExt,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{from_value, json};
use tokio::{io::AsyncReadExt, time::timeout};

const LIMIT: Duration = Duration::from_secs(60);
type Failure = kube::runtime::finalizer::Error<kube::Error>;

#[derive(CustomResource, Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[kube(group = "clients.example", version = "v1", kind = "Echo", namespaced, status = "EchoStatus")]
#[kube(scale(spec_replicas_path = ".spec.size", status_replicas_path = ".status.seen"))]
struct EchoSpec {
    size: i32,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct EchoStatus {
    seen: i32,
}

/// Keeps a ConfigMap that tells of the size, and says in the status which size it saw.
async fn reconcile(echo: Arc<Echo>, client: Arc<Client>) -> Result<Action, Failure> {
    let echoes = Api::<Echo>::default_namespaced((*client).clone());
    finalizer(&echoes, "clients.example/held", echo, |event| async {
        let Event::Apply(echo) = event else { return Ok(Action::await_change()) };
        let name = echo.name_any();
        let by = PatchParams::apply("kube-rs").force();
        let told = json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": { "name": name, "ownerReferences": [echo.controller_owner_ref(&())] },
            "data": { "size": echo.spec.size.to_string() },
        });
        let maps = Api::<ConfigMap>::default_namespaced((*client).clone());
        maps.patch(&name, &by, &Patch::Apply(told)).await?;
        let status = json!({ "status": { "seen": echo.spec.size } });
        echoes.patch_status(&name, &PatchParams::default(), &Patch::Merge(status)).await?;
        Ok(Action::await_change())
    })
    .await
}

async fn within<T>(api: &Api<T>, name: &str, condition: impl Condition<T>) -> anyhow::Result<()>
where
    T: Clone + std::fmt::Debug + Send + serde::de::DeserializeOwned + Resource + 'static,
{
    timeout(LIMIT, await_condition(api.clone(), name, condition)).await??;
    Ok(())
}

fn saw(size: i32) -> impl Condition<Echo> {
    move |echo: Option<&Echo>| echo.and_then(|each| each.status.as_ref()).is_some_and(|status| status.seen == size)
}

async fn operate(client: &Client) -> anyhow::Result<()> {
    let definitions: Api<CustomResourceDefinition> = Api::all(client.clone());
    let name = Echo::crd().name_any();
    definitions.patch(&name, &PatchParams::apply("kube-rs"), &Patch::Apply(Echo::crd())).await?;
    within(&definitions, &name, conditions::is_crd_established()).await?;
    println!("ok definition");

    let controller = Controller::new(Api::<Echo>::all(client.clone()), watcher::Config::default().streaming_lists())
        .owns(Api::<ConfigMap>::all(client.clone()), watcher::Config::default())
        .run(reconcile, |_, _, _| Action::requeue(Duration::from_secs(1)), Arc::new(client.clone()))
        .for_each(|_| async {});
    let controller = tokio::spawn(controller);
    let echoes: Api<Echo> = Api::default_namespaced(client.clone());
    echoes.create(&PostParams::default(), &Echo::new("one", EchoSpec { size: 3 })).await?;
    within(&echoes, "one", saw(3)).await?;
    println!("ok reconcile");

    anyhow::ensure!(echoes.get_scale("one").await?.spec.and_then(|spec| spec.replicas) == Some(3));
    let five = json!({ "spec": { "replicas": 5 } });
    echoes.patch_scale("one", &PatchParams::default(), &Patch::Merge(five)).await?;
    within(&echoes, "one", saw(5)).await?;
    println!("ok scale");

    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let before = maps.get("one").await?.uid();
    maps.delete("one", &DeleteParams::default()).await?;
    within(&maps, "one", move |map: Option<&ConfigMap>| map.is_some_and(|each| each.uid() != before)).await?;
    println!("ok owned");

    echoes.delete("one", &DeleteParams::foreground()).await?;
    within(&echoes, "one", |echo: Option<&Echo>| echo.is_none()).await?;
    // A controller that had not seen the deletion yet may have made it once more.
    within(&maps, "one", |map: Option<&ConfigMap>| map.is_none()).await?;
    println!("ok finalizer");
    controller.abort();
    Ok(())
}

async fn use_pod(client: &Client) -> anyhow::Result<()> {
    let pods: Api<Pod> = Api::default_namespaced(client.clone());
    let (store, writer) = reflector::store();
    let mut changes = reflector(writer, watcher(pods.clone(), watcher::Config::default())).applied_objects().boxed();
    let one = json!({ "metadata": { "name": "one" }, "spec": { "containers": [{ "name": "c", "image": "server" }] } });
    pods.create(&PostParams::default(), &from_value(one)?).await?;
    let seen = async { while store.is_empty() && changes.next().await.is_some() {} };
    timeout(LIMIT, seen).await?;
    println!("ok reflector");

    within(&pods, "one", conditions::is_pod_running()).await?;
    let log = LogParams { follow: false, ..LogParams::default() };
    anyhow::ensure!(pods.logs("one", &log).await? == "hello\n");
    let mut session = pods.exec("one", ["echo", "said"], &AttachParams::default().stderr(false)).await?;
    let mut said = String::new();
    session.stdout().unwrap().read_to_string(&mut said).await?;
    anyhow::ensure!(said == "said\n");
    println!("ok exec");

    anyhow::ensure!(pods.list_metadata(&ListParams::default()).await?.items.len() == 1);
    pods.delete("one", &DeleteParams::default().grace_period(1)).await?;
    within(&pods, "one", |pod: Option<&Pod>| pod.is_none()).await?;
    println!("ok pod");
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let client = Client::try_default().await?;
    operate(&client).await?;
    use_pod(&client).await
}
