# Thin on purpose: every target is one command of xtask/, where the work and its reasons are.
.PHONY: run build test quick chaos bench timing bless

run: ; cargo xtask run
build: ; cargo xtask build
test: ; cargo xtask test
quick: ; cargo xtask test quick
chaos: ; cargo xtask chaos
bless: ; cargo xtask bless
timing: ; cargo xtask timing
bench: ; cargo xtask build web && python3 bench/run.py
