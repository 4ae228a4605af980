// What Argo CD remembers meanwhile is kept in a Redis; this one, of its own tests, is a Go module.
package main

import (
	"log"
	"os"
	"time"

	"github.com/alicebob/miniredis/v2"
)

func main() {
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(os.Args[1]); err != nil {
		log.Fatal(err)
	}
	for range time.Tick(time.Second) {
		// Its clock stands still by itself.
		server.FastForward(time.Second)
	}
}
