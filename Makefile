# What one does here. "make help" lists it.

GO  ?= go
NPM ?= npm

# Packages that start goroutines or share memory run under the race detector;
# the pure ones, which do much arithmetic, do without.
RACE = ./cmd/... ./dispatch/... ./fieldapp-api/... ./geo/postgis/... ./migrations/...
PURE = $(shell $(GO) list ./geo/... | grep -v /postgis)

WEB := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/e2e/*')

.PHONY: help demo build test lint bench generate verify database packages web
.DELETE_ON_ERROR:

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: database build ## a living city at http://127.0.0.1:8080 (MOKED_LISTEN changes it)
	bin/moked demo

build: web ## bin/moked and bin/mokedsim
	$(GO) build -trimpath -tags nodynamic -o bin/ ./cmd/moked ./cmd/mokedsim

web: bin/.web

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && $(NPM) ci --no-audit --no-fund

bin/.web: $(WEB) web/node_modules/.package-lock.json
	cd web && $(NPM) run build
	mkdir -p bin && touch $@

database:
	.ci/packages database

packages:
	.ci/packages database tests

test: packages build ## everything: Go, web and browser tests, lint
	$(GO) test $(PURE)
	$(GO) test -race $(RACE)
	MOKED_SEEDS=1000 $(GO) test -count=1 -timeout 40m -run '^TestFieldSimulation$$' ./dispatch/desk
	$(GO) test -tags plantedbugs -run '^TestSimulationCatches' ./dispatch/desk
	cd web && $(NPM) test
	cd web && $(NPM) run e2e
	$(MAKE) lint

bin/staticcheck: .ci/tools/go.mod .ci/tools/go.sum
	$(GO) build -C .ci/tools -o ../../bin/staticcheck honnef.co/go/tools/cmd/staticcheck

lint: bin/staticcheck web ## go vet, staticcheck, the rules of the house, biome, tsc, the weight of the pages
	@unformatted=$$(gofmt -l $$($(GO) list -f '{{.Dir}}' ./...)); \
		if [ -n "$$unformatted" ]; then echo "gofmt -w these:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	bin/staticcheck ./...
	$(GO) test -count=1 -run '^(TestImportsGoDown|TestCode|TestFilesAreShort)$$' ./cmd/moked
	cd web && $(NPM) run lint && $(NPM) run size

bench: packages build ## the figures of speed, each beside its limit
	.ci/bench

generate: packages web ## schema.sql, openapi.yaml, and the web's types of it
	$(GO) generate ./...
	cd web && $(NPM) run generate

verify: generate lint ## of a clean checkout: nothing generated is stale, go.mod is tidy
	git diff --exit-code
	$(GO) mod tidy -diff
