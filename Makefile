# What can be done here. Bare `make` says so.

GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.DEFAULT_GOAL := help
.PHONY: help demo run build generate fmt test soak race check pictures bench audit pg pg-stop clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: ## show it all with a made-up brand, on data that is thrown away
	go run ./cmd/ricochet demo

run: ## serve on http://127.0.0.1:8080, with the data in ricochet-data/
	go run ./cmd/ricochet serve

build: ## make bin/ricochet
	go build -o bin/ricochet ./cmd/ricochet

generate: ## make the Go files of the .templ files again
	go tool templ generate

fmt: ## format everything
	go tool templ fmt .
	go tool gofumpt -w $$(.ci/written)

test: ## run every test, on SQLite and on PostgreSQL; installs what that needs
	.ci/test

soak: ## kill the server 500 times under load, and as root cut its power 20 times
	.ci/soak

race: ## run every test on SQLite under the race detector
	go test -race -shuffle=on -count=1 ./...

check: ## look for drift, slips and bad form, without running a test
	.ci/check
	$(GOLANGCI) run ./...

pictures: ## draw the demo's pictures and the README's again; a demo has to run on 127.0.0.1:8080
	npm ci --prefix .ci/pictures --ignore-scripts --no-audit --no-fund --loglevel=error
	node .ci/pictures/drops.mjs
	node .ci/pictures/readme.mjs

bench: ## measure beside a bare handler, up to ten million opens; a part: go run ./cmd/bench -only open
	go run ./cmd/bench

audit: ## look for known holes in what we build on; asks vuln.go.dev
	go run golang.org/x/vuln/cmd/govulncheck@v1.6.0 ./...

pg: ## start a PostgreSQL for tests and say how to use it
	@.ci/postgres start

pg-stop: ## stop it
	@.ci/postgres stop

clean: ## throw away what was made here, but no data
	rm -rf bin
	go clean -testcache
