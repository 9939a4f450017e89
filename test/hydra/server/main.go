// Ory Hydra itself, built from its released module: the real server that the tests compare latchkey with.
package main

import "github.com/ory/hydra/v2/cmd"

func main() { cmd.Execute() }
