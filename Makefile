# The commands of this project. Each does its own set-up and skips what is done.
MAKEFLAGS += --no-print-directory --silent
.DEFAULT_GOAL := run
.PHONY: run build test dev check clean

run: build ## start the demo on loopback; the server prints its address and a generated password
	exec target/release/bellwether serve --demo

build: ## the release binary, in target/release/bellwether
	scripts/setup run
	scripts/build

test: ## every test, with real PostgreSQL, Redis, Prometheus and Chromium
	scripts/test

dev: ## the demo, rebuilt and restarted on every change
	scripts/setup run
	scripts/dev

check: ## format, lints, licences, advisories
	scripts/check

clean: ## what was built; the tools in the cache folder stay
	rm -rf target frontend/browser/node_modules end2end/node_modules .venv
