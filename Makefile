# Two commands do everything: make demo, make test. Each sets up what it needs.
SHELL := /bin/bash
DEMO_DIR ?= demo
ADDR ?= 127.0.0.1:8080

.PHONY: demo test build assets check unit e2e bench fuzz sdc-nightly matrix-nightly clean setup-build setup-test

## demo: the demonstration year at http://127.0.0.1:8080
demo: build
	./bin/kith demo --dir $(DEMO_DIR) --addr $(ADDR)

## test: everything CI checks
test: setup-test assets
	./scripts/test

## build: the program, with its assets
build: setup-build assets
	go build -trimpath -o bin/kith ./cmd/kith

setup-build:
	@./scripts/setup build

setup-test:
	@./scripts/setup test

## assets: styles, fonts and scripts, from npm
assets: internal/kit/ui/dist/app.css

internal/kit/ui/dist/app.css: $(shell find assets -type f -not -path '*/node_modules/*') | setup-build
	cd assets && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

## bench: speed and memory, measured on this machine
bench: build
	./scripts/bench

## fuzz: each fuzz target for a little while (FUZZTIME=30s)
fuzz:
	./scripts/fuzz

## sdc-nightly: disclosure control against two outside solvers, 10,000 tables
sdc-nightly: setup-test
	for first in 0 1000 2000 3000 4000 5000 6000 7000 8000 9000; do \
		go test ./sdc -run TestJudgesAgree -judge.first=$$first -judge.tables=1000 -timeout 1h -v || exit 1; \
	done

## matrix-nightly: who may do what, every address as every role, on both engines
matrix-nightly: setup-test
	dir=$$(mktemp -d); trap './scripts/postgres stop "$$dir"' EXIT; \
	KITH_TEST_PG=$$(./scripts/postgres start "$$dir") go test ./internal/app -run TestPermissionMatrix -every-engine -timeout 30m

clean:
	rm -rf bin demo assets/node_modules
	find internal/kit/ui/dist -mindepth 1 ! -name .gitkeep -delete
