# Two commands do everything: make demo, make test. Each sets up what it needs;
# make help lists the others.
SHELL := /bin/bash
DEMO_DIR ?= demo
ADDR ?= 127.0.0.1:8080
# What `kith version` says; each is empty where the source does not know it.
VERSION ?= $(shell git describe --tags --dirty 2>/dev/null)
COMMIT ?= $(shell git describe --always --exclude '*' --abbrev=12 --dirty 2>/dev/null)
LDFLAGS = -s -w -X kith/internal/app.Version=$(VERSION) -X kith/internal/app.Commit=$(COMMIT)

.PHONY: help demo dev test build assets unit lint race e2e bench mutants fuzz nightly race-nightly pages-nightly \
	sdc-nightly attack-nightly matrix-nightly mutations-nightly clean setup-build setup-test

## help: what can be made
help:
	@sed -n 's/^## //p' Makefile | awk -F': ' '{printf "  make %-15s %s\n", $$1, $$2}'

## demo: the demonstration year at http://127.0.0.1:8080
demo: build
	./bin/kith demo --dir $(DEMO_DIR) --addr $(ADDR)

## dev: the demonstration year, built again as files are edited; templates and styles are read from the disk
dev: setup-build assets
	node scripts/dev.mjs $(DEMO_DIR) $(ADDR)

## test: everything CI checks
test: setup-test assets
	./scripts/test

## build: the program, with its assets
build: setup-build assets
	go build -trimpath -ldflags "$(LDFLAGS)" -o bin/kith ./cmd/kith

setup-build:
	@./scripts/setup build

setup-test:
	@./scripts/setup test

## assets: styles, fonts and scripts, from npm
assets: internal/kit/ui/dist/app.css

internal/kit/ui/dist/app.css: $(shell find assets -type f -not -path '*/node_modules/*') | setup-build
	cd assets && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

## unit: the Go tests on both engines, with the time each package took
unit: setup-test assets
	./scripts/unit

## lint: form, modules, vet and staticcheck
lint: setup-build
	./scripts/lint

## race: the race detector over the packages where it is quick
race: setup-test assets
	./scripts/race quick

## e2e: people's journeys and every kind of page, in a real browser
e2e: setup-test build
	node --test --test-concurrency=2 --test-reporter=spec e2e/*.test.mjs

## mutants: takes one control away at a time; a test must notice each
mutants: setup-test assets
	node scripts/mutants.mjs

## bench: speed and memory, measured on this machine
bench: build
	./scripts/bench

## fuzz: each fuzz target for a little while (FUZZTIME=30s)
fuzz:
	./scripts/fuzz

## nightly: all that takes too long for each change
nightly: race-nightly matrix-nightly mutations-nightly sdc-nightly attack-nightly pages-nightly mutants fuzz

## race-nightly: the race detector over all packages
race-nightly: setup-test assets
	./scripts/race

## pages-nightly: every record's page in a real browser, not only each kind of page
pages-nightly: setup-test build
	EVERY=1 node --test --test-reporter=spec e2e/pages.test.mjs

## sdc-nightly: disclosure control against two outside solvers, 10,000 tables; wide random runs; every mutant
sdc-nightly: setup-test
	go test ./sdc -run 'TestMutants|TestCompareHiding|AgainstAllTables|TestRoundedLedger' -timeout 2h -v \
		-mutants.tried=1000 -compare.tables=100 -rounded.tables=3000
	go test ./sdc ./sdc/csvtable ./sdc/internal/exact -skip 'Mutants|Judges|Compare|Optimum' -rapid.checks=2000 -timeout 2h
	for first in 0 1000 2000 3000 4000 5000 6000 7000 8000 9000; do \
		go test ./sdc -run TestJudgesAgree -judge.first=$$first -judge.tables=1000 -timeout 1h -v || exit 1; \
	done

## attack-nightly: the published reports of 200 small places, attacked from their files alone
attack-nightly: setup-test
	KITH_ATTACKS=200 go test ./internal/app -run 'TestReportsAreAttacked|TestHiddenCountsLeaveNoTrace' -timeout 1h -v

## mutations-nightly: a hundred thousand damaged returns: no figure changes without a finding
mutations-nightly:
	go test ./internal/returns -run TestMutations -rapid.checks=34000 -timeout 1h -v

## matrix-nightly: who may do what, every address as every role, on both engines
matrix-nightly: setup-test
	dir=$$(mktemp -d); trap './scripts/postgres stop "$$dir"' EXIT; \
	KITH_TEST_PG=$$(./scripts/postgres start "$$dir") go test ./internal/app -run TestPermissionMatrix -every-engine -timeout 30m

## clean: removes what was built, and the demonstration
clean:
	rm -rf bin demo assets/node_modules
	find internal/kit/ui/dist -mindepth 1 ! -name .gitkeep -delete
