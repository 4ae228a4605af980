// Package envtest runs a small operator on the environment that KUBEBUILDER_ASSETS names.
package envtest

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

var widgets = schema.GroupVersionKind{Group: "example.com", Version: "v1", Kind: "Widget"}

const finalizer = "example.com/finalizer"

func TestMain(m *testing.M) {
	log.SetLogger(zap.New(zap.UseDevMode(true)))
	os.Exit(m.Run())
}

func TestOperator(t *testing.T) {
	env := start(t, &envtest.Environment{
		CRDDirectoryPaths:     []string{"testdata/widgets.yaml"},
		ErrorIfCRDPathMissing: true,
		WebhookInstallOptions: envtest.WebhookInstallOptions{Paths: []string{"testdata/webhooks.yaml"}},
	})
	c := clientOf(t, env.Config)
	manager := startManager(t, env)

	t.Run("leads", func(t *testing.T) {
		eventually(t, "the manager leads", manager.elected)
	})
	t.Run("is asked by admission", func(t *testing.T) {
		eventually(t, "the webhooks answer", func() bool {
			err := c.Create(t.Context(), widget("big", 100))
			return err != nil && strings.Contains(err.Error(), "denied the request: too big")
		})
		err := c.Create(t.Context(), widget("negative", -1))
		if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), "size must not be negative") {
			t.Fatalf("a negative size: %v", err)
		}
	})
	t.Run("makes what a widget owns", func(t *testing.T) {
		made := widget("w", 3)
		must(t, c.Create(t.Context(), made))
		colour, _, _ := unstructured.NestedString(made.Object, "spec", "colour")
		if colour != "red" || made.GetLabels()["hooked"] != "yes" {
			t.Fatalf("neither defaulted nor mutated: %v", made.Object)
		}
		key := client.ObjectKeyFromObject(made)
		eventually(t, "the widget is ready", func() bool {
			must(t, c.Get(t.Context(), key, made))
			ready, _, _ := unstructured.NestedBool(made.Object, "status", "ready")
			return ready
		})
		owned := &corev1.ConfigMap{}
		must(t, c.Get(t.Context(), key, owned))
		if !metav1.IsControlledBy(owned, made) || owned.Data["size"] != "3" {
			t.Fatalf("not what was to be made: %v", owned)
		}
		first := owned.UID
		must(t, c.Delete(t.Context(), owned))
		eventually(t, "it is made again", func() bool {
			err := c.Get(t.Context(), key, owned)
			return err == nil && owned.UID != first
		})
	})
	t.Run("finishes what is deleted", func(t *testing.T) {
		gone := widget("w", 3)
		must(t, c.Delete(t.Context(), gone))
		eventually(t, "the widget is gone", func() bool {
			return apierrors.IsNotFound(c.Get(t.Context(), client.ObjectKeyFromObject(gone), gone))
		})
		// Nobody collects garbage here, unless asked to.
		collects := strings.Contains(os.Getenv("SHALLOP_CONTROLLERS"), "garbage")
		isGone := func() bool {
			return apierrors.IsNotFound(c.Get(t.Context(), client.ObjectKeyFromObject(gone), &corev1.ConfigMap{}))
		}
		if collects {
			eventually(t, "what it owned goes", isGone)
		} else if isGone() {
			t.Fatal("what it owned is gone")
		}
	})
}

func TestUsers(t *testing.T) {
	env := start(t, &envtest.Environment{})
	other := start(t, &envtest.Environment{})
	admin := clientOf(t, env.Config)
	user, err := env.AddUser(envtest.User{Name: "jane", Groups: []string{"readers"}}, nil)
	must(t, err)
	jane := clientOf(t, user.Config())
	if err := jane.List(t.Context(), &corev1.ConfigMapList{}); !apierrors.IsForbidden(err) {
		t.Fatalf("without a binding: %v", err)
	}
	name := metav1.ObjectMeta{Name: "readers"}
	must(t, admin.Create(t.Context(), &rbacv1.ClusterRole{ObjectMeta: name, Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"list"}},
	}}))
	must(t, admin.Create(t.Context(), &rbacv1.ClusterRoleBinding{
		ObjectMeta: name,
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "readers"},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: "Group", Name: "readers"}},
	}))
	eventually(t, "the binding counts", func() bool {
		return jane.List(t.Context(), &corev1.ConfigMapList{}) == nil
	})
	stranger := rest.CopyConfig(other.Config)
	stranger.CertData, stranger.KeyData = user.Config().CertData, user.Config().KeyData
	if _, err := client.New(stranger, client.Options{}); err == nil {
		err = clientOf(t, stranger).List(t.Context(), &corev1.ConfigMapList{})
		if !apierrors.IsUnauthorized(err) {
			t.Fatalf("in another environment: %v", err)
		}
	}
}

// start starts an environment, and stops it at the end of the test; then nothing may be left of it.
func start(t *testing.T, env *envtest.Environment) *envtest.Environment {
	t.Helper()
	config, err := env.Start()
	must(t, err)
	t.Cleanup(func() {
		must(t, env.Stop())
		address, err := url.Parse(config.Host)
		must(t, err)
		if connection, err := net.Dial("tcp", address.Host); err == nil {
			_ = connection.Close()
			t.Error("something still listens")
		}
	})
	return env
}

type running struct{ leads <-chan struct{} }

func (r running) elected() bool {
	select {
	case <-r.leads:
		return true
	default:
		return false
	}
}

func startManager(t *testing.T, env *envtest.Environment) running {
	t.Helper()
	hooks := env.WebhookInstallOptions
	manager, err := ctrl.NewManager(env.Config, ctrl.Options{
		Metrics:                       metricsserver.Options{BindAddress: "0"},
		LeaderElection:                true,
		LeaderElectionID:              "operator",
		LeaderElectionNamespace:       "default",
		LeaderElectionReleaseOnCancel: true,
		WebhookServer: webhook.NewServer(webhook.Options{
			Host: hooks.LocalServingHost, Port: hooks.LocalServingPort, CertDir: hooks.LocalServingCertDir,
		}),
	})
	must(t, err)
	server := manager.GetWebhookServer()
	server.Register("/label", &webhook.Admission{Handler: admission.HandlerFunc(label)})
	server.Register("/size", &webhook.Admission{Handler: admission.HandlerFunc(judgeSize)})
	r := &reconciler{manager.GetClient()}
	must(t, ctrl.NewControllerManagedBy(manager).For(widget("", 0)).Owns(&corev1.ConfigMap{}).Complete(r))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- manager.Start(ctx) }()
	t.Cleanup(func() {
		cancel()
		must(t, <-ended)
	})
	return running{manager.Elected()}
}

func label(_ context.Context, request admission.Request) admission.Response {
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(request.Object.Raw); err != nil {
		return admission.Errored(http.StatusBadRequest, err)
	}
	object.SetLabels(map[string]string{"hooked": "yes"})
	changed, err := object.MarshalJSON()
	if err != nil {
		return admission.Errored(http.StatusInternalServerError, err)
	}
	return admission.PatchResponseFromRaw(request.Object.Raw, changed)
}

func judgeSize(_ context.Context, request admission.Request) admission.Response {
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(request.Object.Raw); err != nil {
		return admission.Errored(http.StatusBadRequest, err)
	}
	if size, _, _ := unstructured.NestedInt64(object.Object, "spec", "size"); size > 10 {
		return admission.Denied("too big")
	}
	return admission.Allowed("")
}

type reconciler struct{ client.Client }

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	object := widget("", 0)
	if err := r.Get(ctx, request.NamespacedName, object); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if object.GetDeletionTimestamp() != nil {
		if controllerutil.RemoveFinalizer(object, finalizer) {
			return ctrl.Result{}, r.Update(ctx, object)
		}
		return ctrl.Result{}, nil
	}
	if controllerutil.AddFinalizer(object, finalizer) {
		return ctrl.Result{}, r.Update(ctx, object)
	}
	owned := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: request.Namespace, Name: request.Name}}
	_, err := controllerutil.CreateOrUpdate(ctx, r.Client, owned, func() error {
		owned.Data = map[string]string{"size": "3"}
		return controllerutil.SetControllerReference(object, owned, r.Scheme())
	})
	if err != nil {
		return ctrl.Result{}, err
	}
	if err := unstructured.SetNestedField(object.Object, true, "status", "ready"); err != nil {
		return ctrl.Result{}, err
	}
	return ctrl.Result{}, r.Status().Update(ctx, object)
}

func widget(name string, size int64) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"size": size}}}
	object.SetGroupVersionKind(widgets)
	object.SetNamespace("default")
	object.SetName(name)
	return object
}

func clientOf(t *testing.T, config *rest.Config) client.Client {
	t.Helper()
	c, err := client.New(config, client.Options{})
	must(t, err)
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if condition() {
			return
		}
	}
	t.Fatalf("gave up: %s", what)
}
