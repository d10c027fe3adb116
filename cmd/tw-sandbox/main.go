package main

import "horsepipe/pkg/tool"

func main() { tool.Main(program) }
