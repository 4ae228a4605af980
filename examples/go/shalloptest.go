// Package shalloptest gives each Go test a Kubernetes API of its own: a logical cluster of one control plane of shallop, which
// all tests of a package share. It needs the shallop command (npm install -g shallop); SHALLOP names another one, with its
// arguments. Only the standard library is used: client-go takes Cluster.Kubeconfig, a file.
package shalloptest

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

const clusters = "/apis/shallop.dev/v1/logicalclusters"

// Cluster is a logical cluster: a whole Kubernetes API.
type Cluster struct {
	Name string
	// URL is where it is served.
	URL string
	// Kubeconfig is a file for client-go, kubectl and others.
	Kubeconfig string
	http       *http.Client
}

// StatusError is a refusal of the server.
type StatusError struct {
	Code    int    `json:"code"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

func (e *StatusError) Error() string { return e.Message }

var shared struct {
	server *Cluster
	stop   func()
	err    error
}

// Main starts the control plane, runs the tests and stops it: func TestMain(m *testing.M) { shalloptest.Main(m) }
func Main(m *testing.M) {
	shared.server, shared.stop, shared.err = start()
	if shared.err != nil {
		fmt.Fprintln(os.Stderr, shared.err)
		os.Exit(1)
	}
	code := m.Run()
	shared.stop()
	os.Exit(code)
}

// New gives a cluster of the test's own, and removes it after the test.
func New(t testing.TB) *Cluster {
	t.Helper()
	if shared.server == nil {
		t.Fatal("no control plane runs: call shalloptest.Main in TestMain")
	}
	random := make([]byte, 6)
	rand.Read(random)
	name := "t-" + hex.EncodeToString(random)
	body := map[string]any{"apiVersion": "shallop.dev/v1", "kind": "LogicalCluster", "metadata": map[string]any{"name": name}}
	if err := shared.server.Do("POST", clusters, body, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := shared.server.Do("DELETE", clusters+"/"+name, nil, nil); err != nil {
			t.Error(err)
		}
	})
	ready := func(object map[string]any) bool {
		status, _ := object["status"].(map[string]any)
		return status["phase"] == "Ready"
	}
	if err := shared.server.Watch(clusters+"?watch=true&fieldSelector=metadata.name="+name, ready); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(shared.server.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	url := shared.server.URL + "/clusters/" + name
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(kubeconfig, bytes.ReplaceAll(text, []byte(shared.server.URL), []byte(url)), 0o600); err != nil {
		t.Fatal(err)
	}
	return &Cluster{Name: name, URL: url, Kubeconfig: kubeconfig, http: shared.server.http}
}

// Do sends one request; into, when it is not nil, gets the object of the answer. A refusal is a *StatusError.
func (c *Cluster) Do(method, path string, body, into any) error {
	var reader io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, c.URL+path, reader)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 400 {
		status := &StatusError{Code: answer.StatusCode}
		if err := json.NewDecoder(answer.Body).Decode(status); err != nil {
			return fmt.Errorf("the server answered %s", answer.Status)
		}
		return status
	}
	if into == nil {
		_, err = io.Copy(io.Discard, answer.Body)
		return err
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

// Watch reads a watch until an object is as wanted.
func (c *Cluster) Watch(path string, wanted func(object map[string]any) bool) error {
	answer, err := c.http.Get(c.URL + path)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	decoder := json.NewDecoder(answer.Body)
	for {
		var event struct{ Object map[string]any }
		if err := decoder.Decode(&event); err != nil {
			return fmt.Errorf("the watch ended before: %w", err)
		}
		if wanted(event.Object) {
			return nil
		}
	}
}

func start() (*Cluster, func(), error) {
	folder, err := os.MkdirTemp("", "shallop-go-")
	if err != nil {
		return nil, nil, err
	}
	kubeconfig := filepath.Join(folder, "kubeconfig")
	words := strings.Fields(os.Getenv("SHALLOP"))
	if len(words) == 0 {
		words = []string{"shallop"}
	}
	words = append(words, "up", "--stop-pods", "--data-dir", filepath.Join(folder, "data"), "--kubeconfig", kubeconfig, "--port", "0", "--runtime", "fake")
	command := exec.Command(words[0], words[1:]...)
	var said bytes.Buffer
	command.Stderr = &said
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		os.RemoveAll(folder)
		return nil, nil, err
	}
	stop := func() {
		command.Process.Signal(syscall.SIGTERM)
		command.Wait()
		os.RemoveAll(folder)
	}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == "ready" {
			go io.Copy(io.Discard, output)
			server := &Cluster{Name: "default", URL: fields[1], Kubeconfig: kubeconfig}
			server.http, err = clientOf(kubeconfig)
			if err != nil {
				stop()
			}
			return server, stop, err
		}
	}
	stop()
	return nil, nil, fmt.Errorf("shallop up ended: %s", said.String())
}

// clientOf shows the certificates of a kubeconfig with one context.
func clientOf(kubeconfig string) (*http.Client, error) {
	text, err := os.ReadFile(kubeconfig)
	if err != nil {
		return nil, err
	}
	pem := func(field string) []byte {
		found := regexp.MustCompile(field + `-data: (\S+)`).FindSubmatch(text)
		if found == nil {
			return nil
		}
		decoded, _ := base64.StdEncoding.DecodeString(string(found[1]))
		return decoded
	}
	pair, err := tls.X509KeyPair(pem("client-certificate"), pem("client-key"))
	if err != nil {
		return nil, err
	}
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(pem("certificate-authority"))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authorities, Certificates: []tls.Certificate{pair}}}
	return &http.Client{Transport: transport}, nil
}
