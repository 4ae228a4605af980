// The webhook of cert-manager, with the flags of its own program, which is a module of its own and not published.
package main

import (
	"log"
	"os"

	"github.com/spf13/pflag"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/cert-manager/cert-manager/internal/webhook"
	"github.com/cert-manager/cert-manager/pkg/webhook/options"
)

func main() {
	flags := pflag.NewFlagSet("webhook", pflag.ExitOnError)
	configuration, err := options.NewWebhookConfiguration()
	check(err)
	options.NewWebhookFlags().AddFlags(flags)
	options.AddConfigFlags(flags, configuration)
	check(flags.Parse(os.Args[1:]))
	ctrl.SetLogger(klog.Background())
	server, err := webhook.NewCertManagerWebhookServer(klog.Background(), *configuration)
	check(err)
	check(server.Run(ctrl.SetupSignalHandler()))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
