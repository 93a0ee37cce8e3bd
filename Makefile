# Needs the .NET 10 SDK. `make` alone lists the targets.
SHELL = /bin/sh
export DOTNET_CLI_TELEMETRY_OPTOUT = 1
export DOTNET_NOLOGO = 1

CONVOSYNTH = artifacts/bin/convosynth
RESULTS = $(CURDIR)/artifacts/test-results
QUIET = -v q --nologo

.DEFAULT_GOAL := help
.PHONY: help run demo-http cluster build test contracts simulate drill bench lint format packs clean interop redis browser

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Make 1,000 dialogues over library, retail and airline, a fifth with a planted fault, in runs/demo
	@rm -rf runs/demo
	$(CONVOSYNTH) generate --domain library --domain retail --domain airline --count 1000 --fault-rate 0.2 --error-rate 0.1 --slices all --seed 1 --out runs/demo

demo-http: build ## The same over HTTP: starts the built-in test endpoint (no language model) with failures planted, and a run on it in runs/demo-http
	@rm -rf runs/demo-http
	@ready=artifacts/endpoint.url; rm -f $$ready; \
	  $(CONVOSYNTH) endpoint --port 8555 --latency 0.2 --latency-sigma 0.4 --fail 500=0.01 --fail 429=0.01 --fail cut=0.01 > $$ready & endpoint=$$!; trap "kill $$endpoint" EXIT; \
	  until grep -q http artifacts/endpoint.url; do kill -0 $$endpoint && sleep 0.2 || exit 1; done; \
	  $(CONVOSYNTH) generate --spec infra/specs/rehearsal-endpoint.yaml --out runs/demo-http

cluster: build ## Redis, three silos on this machine, and a run of 1,000 dialogues on them; leaves nothing behind
	infra/cluster-demo.sh $(CONVOSYNTH)

build: ## Publish the program to artifacts/bin, compiled for this machine; RID=linux-x64 (or another platform) compiles the framework with it (minutes, once), for a faster start
	dotnet publish src/ConvoSynth.Cli -c Release -o artifacts/bin $(QUIET) -r $(or $(RID),$$(dotnet --info | sed -n 's/^ *RID: *//p')) $(if $(RID),-p:CompileFramework=true)

test: interop redis browser ## Run all tests; those that start the program start the published one, which is compiled for this machine
	@rm -rf $(RESULTS)
	@# Without the analyzers, which take half of the time: `make lint` runs them.
	@status=0; dotnet build ConvoSynth.sln -c Release -p:RunAnalyzers=false $(QUIET) || status=1; $(MAKE) --no-print-directory build || status=1; \
	  CONVOSYNTH_PROGRAM=$(CURDIR)/artifacts/bin tests/run.sh $(RESULTS) || status=1; tests/total.sh $(RESULTS) || status=1; exit $$status

contracts: ## The facts that the grains rely on, on a real silo and in the simulator; prints how many hold on each
	@dotnet build tests/ConvoSynth.Contracts.Tests -c Release $(QUIET)
	@for runtime in OnASilo InTheSimulator; do \
	  log=$$(dotnet test tests/ConvoSynth.Contracts.Tests -c Release --no-build $(QUIET) --filter "FullyQualifiedName~$$runtime.") || { echo "$$log"; exit 1; }; \
	  count=$$(echo "$$log" | sed -n 's/^Passed!.* Passed: *\([0-9]*\).*/\1/p'); echo "contract facts $$runtime: $$count passed"; \
	  test "$${first:-$$count}" = "$$count" || { echo "the runtimes differ in how many facts they have"; exit 1; }; first=$$count; \
	done

SEEDS ?= 2000
FROM ?= 1
JOBS ?= 1
simulate: ## Whole campaigns under planted crashes and failures: SEEDS=n [FROM=s] [JOBS=processes]; TRACE=s prints each step of one
	dotnet run -c Release --project tests/ConvoSynth.Simulation -- $(if $(TRACE),--trace $(TRACE),$(SEEDS) $(FROM) $(JOBS))

DRILLS ?= load quota failures budget poison kills objects cluster serve
drill: build ## Runs over HTTP against the test endpoint in another process, under load, quota, failures, a budget, dialogues that no endpoint takes, killed 20 times, and load on a served environment: DRILLS="kills" [ARGS="--count 1000 --kills 5"]
	dotnet run -c Release --project tests/ConvoSynth.Drills -- $(DRILLS) $(ARGS)

bench: ## Measure the hot paths
	dotnet run -c Release --project tests/ConvoSynth.Benchmarks

lint: ## Build with every warning an error, and check that the code stands as CSharpier formats it
	dotnet build ConvoSynth.sln -c Release $(QUIET) -p:TreatWarningsAsErrors=true
	dotnet tool restore -v q > /dev/null
	dotnet csharpier check src tests blueprints

format: ## Format the code with CSharpier
	dotnet tool restore -v q > /dev/null
	dotnet csharpier format src tests blueprints

packs: build ## Validate and accept every domain pack
	$(CONVOSYNTH) packs validate
	@status=0; for pack in blueprints/*/domain.yaml; do $(CONVOSYNTH) packs accept "$${pack%/domain.yaml}" || status=1; done; exit $$status

clean: ## Remove what was built
	rm -rf artifacts tests/interop/node_modules tests/browser/node_modules

# Foreign Parquet readers and two object stores run on Node; without it their tests skip.
interop:
	@if command -v npm >/dev/null 2>&1; then \
	  test tests/interop/node_modules/.package-lock.json -nt tests/interop/package-lock.json || npm ci --prefix tests/interop --no-audit --no-fund --loglevel=error; \
	else \
	  echo "npm is not installed: the tests with foreign Parquet readers and object stores are skipped"; \
	fi

# The tests of clusters run on a Redis of their own; without it they skip.
redis:
	@command -v redis-server >/dev/null 2>&1 \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && apt-get update -qq && apt-get install -y -qq redis-server >/dev/null; } \
	  || echo "redis-server is not installed: the tests of clusters are skipped"

# The tests of the review app drive a Chromium by Node; without either they skip.
browser:
	@command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || echo "chromium is not installed: the tests of the review app in a browser are skipped"
	@if command -v npm >/dev/null 2>&1; then \
	  test tests/browser/node_modules/.package-lock.json -nt tests/browser/package-lock.json \
	    || npm ci --prefix tests/browser --no-audit --no-fund --loglevel=error; \
	else \
	  echo "npm is not installed: the tests of the review app in a browser are skipped"; \
	fi
