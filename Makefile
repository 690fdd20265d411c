# The verbs of this repository. `make demo` and `make test` do all the set-up they need.

.PHONY: setup build demo test test-quick docs pull generate check diff lint types bench matrix clean

# One stamp says whether node_modules belongs to this package-lock.json.
STAMP := node_modules/.installed

setup: $(STAMP)
	@:

$(STAMP): package.json package-lock.json $(wildcard */package.json) scripts/require-tools.sh
	@sh scripts/require-tools.sh
	@npm ci --loglevel=error || { echo "make: npm ci failed. It needs the network (or a filled npm cache) once; see the message above." >&2; exit 1; }
	@touch $@

build: setup
	@npm run --silent build

demo: build
	@npm run --silent generate
	@npm run --silent build
	@npx --no-install tsx scripts/demo.ts

test: setup
	@npx --no-install vitest run

test-quick: setup
	@VIX_QUICK=1 npx --no-install vitest run

pull: build
	@npm run --silent pull

generate: build
	@npm run --silent generate

check: build
	@npm run --silent check

diff: build
	@npx --no-install vix-codegen diff

lint: setup
	@npm run --silent lint

types: setup
	@npm run --silent types

# The public API against etc/, the reference from the docstrings, and the site; dead links fail.
docs: build
	@npm run --silent api
	@npm run --silent docs:site

# Writes bench/RESULTS.md.
bench: build
	@npx --no-install tsx bench/all.ts

matrix: build
	@npm run --silent matrix
	@VIX_TEST_NEXT=1 VIX_TEST_BULLMQ=1 VIX_KILLS=100 npx --no-install vitest run \
	  test/ai-provider/example.test.ts test/cli/bullmq.test.ts test/cli/kill.test.ts

clean:
	@rm -rf node_modules dist */dist docs/api docs/.vitepress/dist docs/.vitepress/cache */node_modules out coverage
