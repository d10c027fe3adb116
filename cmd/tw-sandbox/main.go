// Tw-sandbox serves X's API on this machine, for demonstrations, dry runs and
// tests: no account, no network, no cost, and faults on request.
//
//	tw-sandbox --account newton --as newton_bot --keys keys opticks.jsonl &
//	set -a; . ./keys; set +a
//	tw-archive newton
//
// Its first and only line on standard output is its address. tw-sandbox --help
// is its manual; package horsepipe/pkg/sandbox describes what is served.
package main

import "horsepipe/pkg/tool"

func main() { tool.Main(program) }
