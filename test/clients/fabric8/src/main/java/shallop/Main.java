package shallop;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What a Java program does with a cluster, by fabric8's default client: it takes its kubeconfig from KUBECONFIG. Each
 * step that went well says so in a line of its own; the first that did not ends the program with an exception. Before
 * the last step it prints "restart" and waits for a line, meanwhile the server is killed and started again.
 */
public final class Main {
  private static final String NAMESPACE = "default";
  private static final long LIMIT_SECONDS = 60;

  public static void main(String[] args) throws Exception {
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      createReadUpdateDelete(client);
      watch(client);
      startPod(client);
      logs(client);
      exec(client);
      informer(client);
    }
  }

  private static void createReadUpdateDelete(KubernetesClient client) {
    client.configMaps().inNamespace(NAMESPACE).resource(configMap("crud", "1")).create();
    Resource<ConfigMap> crud = client.configMaps().inNamespace(NAMESPACE).withName("crud");
    same("1", crud.get().getData().get("value"));
    crud.edit(now -> new ConfigMapBuilder(now).addToData("value", "2").build());
    crud.patch("{\"data\":{\"other\":\"3\"}}");
    same(Map.of("value", "2", "other", "3"), crud.get().getData());
    client.configMaps().inNamespace(NAMESPACE).resource(configMap("crud", "4")).forceConflicts().serverSideApply();
    same("4", crud.get().getData().get("value"));
    same(List.of("crud"), namesLabelled(client));
    crud.delete();
    same(null, crud.get());
    done("crud");
  }

  private static void watch(KubernetesClient client) throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    Watcher<ConfigMap> watcher =
        new Watcher<>() {
          @Override
          public void eventReceived(Action action, ConfigMap seen) {
            events.add(action + " " + seen.getData().get("value"));
          }

          @Override
          public void onClose(WatcherException cause) {
            events.add("closed " + cause.getMessage());
          }
        };
    Resource<ConfigMap> watched = client.configMaps().inNamespace(NAMESPACE).withName("watched");
    try (var watching = watched.watch(watcher)) {
      client.configMaps().inNamespace(NAMESPACE).resource(configMap("watched", "1")).create();
      same("ADDED 1", next(events));
      watched.edit(now -> new ConfigMapBuilder(now).addToData("value", "2").build());
      same("MODIFIED 2", next(events));
      watched.delete();
      same("DELETED 2", next(events));
    }
    done("watch");
  }

  private static void startPod(KubernetesClient client) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("server")
            .endMetadata()
            .withNewSpec()
            .withTerminationGracePeriodSeconds(1L)
            .addNewContainer()
            .withName("c")
            .withImage("server")
            .endContainer()
            .endSpec()
            .build();
    client.pods().inNamespace(NAMESPACE).resource(pod).create();
    server(client).waitUntilReady(LIMIT_SECONDS, TimeUnit.SECONDS);
    done("pod");
  }

  private static void logs(KubernetesClient client) throws Exception {
    same("hello", server(client).getLog().trim());
    try (LogWatch following = server(client).watchLog();
        BufferedReader lines = reader(following.getOutput())) {
      same("hello", lines.readLine());
    }
    done("log");
  }

  private static void exec(KubernetesClient client) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String script = "read line; echo \"got $line\"; echo oops >&2; exit 3";
    try (ExecWatch watch =
        server(client)
            .redirectingInput()
            .writingOutput(out)
            .writingError(err)
            .exec("sh", "-c", script)) {
      OutputStream in = watch.getInput();
      in.write("input\n".getBytes(StandardCharsets.UTF_8));
      in.flush();
      same(3, watch.exitCode().get(LIMIT_SECONDS, TimeUnit.SECONDS));
    }
    same("got input\n", out.toString(StandardCharsets.UTF_8));
    same("oops\n", err.toString(StandardCharsets.UTF_8));
    done("exec");
  }

  /** What was deleted and created while the informer's connection was gone has to reach it as well. */
  private static void informer(KubernetesClient client) throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    ResourceEventHandler<ConfigMap> handler =
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(ConfigMap added) {
            events.add("add " + added.getMetadata().getName());
          }

          @Override
          public void onUpdate(ConfigMap before, ConfigMap after) {
            // Of a list that was made anew every object comes once more.
            if (!before.getData().equals(after.getData())) events.add("update " + after.getMetadata().getName());
          }

          @Override
          public void onDelete(ConfigMap deleted, boolean isStateUnknown) {
            events.add("delete " + deleted.getMetadata().getName());
          }
        };
    client.configMaps().inNamespace(NAMESPACE).resource(configMap("before", "1")).create();
    try (SharedIndexInformer<ConfigMap> informer =
        client.configMaps().inNamespace(NAMESPACE).withLabel("by", "fabric8").inform(handler)) {
      same("add before", next(events));
      System.out.println("restart");
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      client.configMaps().inNamespace(NAMESPACE).resource(configMap("before", "2")).update();
      same("update before", next(events));
      client.configMaps().inNamespace(NAMESPACE).resource(configMap("after", "1")).create();
      same("add after", next(events));
      client.configMaps().inNamespace(NAMESPACE).withName("before").delete();
      same("delete before", next(events));
      same(List.of("after"), informer.getStore().list().stream().map(each -> each.getMetadata().getName()).toList());
    }
    done("informer");
  }

  private static PodResource server(KubernetesClient client) {
    return client.pods().inNamespace(NAMESPACE).withName("server");
  }

  private static List<String> namesLabelled(KubernetesClient client) {
    return client.configMaps().inNamespace(NAMESPACE).withLabel("by", "fabric8").list().getItems().stream()
        .map(each -> each.getMetadata().getName())
        .toList();
  }

  private static ConfigMap configMap(String name, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("by", "fabric8")
        .endMetadata()
        .addToData("value", value)
        .build();
  }

  private static BufferedReader reader(java.io.InputStream stream) throws IOException {
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  private static String next(BlockingQueue<String> events) throws InterruptedException {
    return events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static void same(Object wanted, Object found) {
    if (!java.util.Objects.equals(wanted, found))
      throw new AssertionError("wanted " + wanted + ", found " + found);
  }

  private static void done(String step) {
    System.out.println("ok " + step);
  }
}
