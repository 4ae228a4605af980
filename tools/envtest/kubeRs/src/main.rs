//! Starts the control plane that KUBEBUILDER_ASSETS names by kube-rs' crate `envtest`, and does with a custom resource what
//! operators do. It prints what it found, or ends with the first answer that is not a real server's.
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use envtest::{BinaryAssetsSettings, Environment};
use futures::{StreamExt, TryStreamExt, future::try_join_all};
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams};
use kube::{Api, Client, CustomResource, CustomResourceExt, ResourceExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(CustomResource, Deserialize, Serialize, Clone, Debug, JsonSchema)]
#[kube(group = "example.com", version = "v1", kind = "Widget", namespaced, status = "WidgetStatus")]
#[kube(scale(spec_replicas_path = ".spec.replicas", status_replicas_path = ".status.replicas"))]
struct WidgetSpec {
    #[schemars(range(min = 1))]
    replicas: i32,
    colour: Option<String>,
}

#[derive(Deserialize, Serialize, Clone, Debug, JsonSchema)]
struct WidgetStatus {
    replicas: i32,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut environment = Environment::default().with_crds(Widget::crd())?;
    environment.binary_assets_settings =
        BinaryAssetsSettings { download_binary_assets: false, ..Default::default() };

    let began = Instant::now();
    let server = environment.create().await?;
    println!("created in {:?}", began.elapsed());
    let client = server.client()?;
    println!("version {}", client.apiserver_version().await?.git_version);
    written(client.clone()).await?;
    let ended = Instant::now();
    server.destroy().await?;
    println!("destroyed in {:?}", ended.elapsed());
    ensure!(client.apiserver_version().await.is_err(), "it still answers");

    let own = try_join_all((0..4).map(|_| alone(&environment))).await?;
    println!("{} at once share nothing", own.len());
    Ok(())
}

/** Writes an object in each way that there is, and watches it. */
async fn written(client: Client) -> Result<()> {
    let api: Api<Widget> = Api::default_namespaced(client);
    let since = api.list(&ListParams::default()).await?.metadata.resource_version.unwrap_or_default();
    let made = api.create(&PostParams::default(), &widget("w", 2)).await?;
    ensure!(made.metadata.generation == Some(1));
    let refused = api.create(&PostParams::default(), &widget("bad", 0)).await.unwrap_err();
    ensure!(refused.to_string().contains("spec.replicas in body should be greater than or equal to 1"));

    api.patch("w", &PatchParams::apply("rust").force(), &painted("red")).await?;
    let conflict = api.patch("w", &PatchParams::apply("other"), &painted("blue")).await.unwrap_err();
    ensure!(conflict.to_string().contains(r#"Apply failed with 1 conflict: conflict with "rust": .spec.colour"#));
    let blue = api.patch("w", &PatchParams::apply("other").force(), &painted("blue")).await?;
    ensure!(blue.spec.colour.as_deref() == Some("blue"));
    let managers: Vec<_> = blue.managed_fields().iter().filter_map(|own| own.manager.clone()).collect();
    ensure!(managers == ["other", "unknown"], "{managers:?}");

    let plain = PatchParams::default();
    api.patch_status("w", &plain, &Patch::Merge(json!({"status": {"replicas": 1}}))).await?;
    let scaled = api.patch_scale("w", &plain, &Patch::Merge(json!({"spec": {"replicas": 5}}))).await?;
    ensure!(scaled.spec.and_then(|spec| spec.replicas) == Some(5));
    api.delete("w", &DeleteParams::default()).await?;
    ensure!(api.get_opt("w").await?.is_none());

    let seen = seen(&api, &since).await?;
    println!("watched {seen:?}");
    ensure!(seen == ["added 2", "modified 2", "modified 2", "modified 2", "modified 5", "deleted 5"]);
    Ok(())
}

async fn seen(api: &Api<Widget>, since: &str) -> Result<Vec<String>> {
    let mut events = api.watch(&WatchParams::default().timeout(20), since).await?.boxed();
    let mut seen = vec![];
    while let Some(event) = tokio::time::timeout(Duration::from_secs(20), events.try_next()).await?? {
        match event {
            WatchEvent::Added(own) => seen.push(format!("added {}", own.spec.replicas)),
            WatchEvent::Modified(own) => seen.push(format!("modified {}", own.spec.replicas)),
            WatchEvent::Deleted(own) => {
                seen.push(format!("deleted {}", own.spec.replicas));
                break;
            }
            WatchEvent::Bookmark(_) => {}
            WatchEvent::Error(error) => anyhow::bail!("{error:?}"),
        }
    }
    Ok(seen)
}

/** One of several environments at once, which finds nothing of the others. */
async fn alone(environment: &Environment) -> Result<()> {
    let server = environment.create().await?;
    let api: Api<Widget> = Api::default_namespaced(server.client()?);
    ensure!(api.list(&ListParams::default()).await?.items.is_empty());
    api.create(&PostParams::default(), &widget("only", 1)).await?;
    server.destroy().await?;
    Ok(())
}

fn widget(name: &str, replicas: i32) -> Widget {
    Widget::new(name, WidgetSpec { replicas, colour: None })
}

fn painted(colour: &str) -> Patch<Value> {
    Patch::Apply(json!({"apiVersion": "example.com/v1", "kind": "Widget", "spec": {"colour": colour}}))
}
