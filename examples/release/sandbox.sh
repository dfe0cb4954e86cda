#!/bin/sh
# Makes a package in a repository of its own, with a remote beside it, to release without consequences.
set -e
cd "$(dirname "$0")"
rm -rf sandbox
mkdir -p sandbox/package
git init --quiet --bare --initial-branch=main sandbox/remote.git
cd sandbox/package
git init --quiet --initial-branch=main
git config user.name Example
git config user.email example@example.test
cat > package.json <<'JSON'
{
  "name": "lamp",
  "version": "1.0.0",
  "scripts": { "test": "node --test" }
}
JSON
cat > README.md <<'MD'
# lamp

<!-- version -->
![version](https://img.shields.io/badge/version-1.0.0-blue) `npm install lamp@1.0.0`
<!-- /version -->
MD
cat > lamp.test.js <<'JS'
require('node:test').test('shines', () => {});
JS
git add .
git commit --quiet -m 'feat: first light'
git tag v1.0.0
git commit --quiet --allow-empty -m 'feat(bulb): warm white'
git commit --quiet --allow-empty -m 'fix: flickers no more'
git remote add origin ../remote.git
git push --quiet origin main v1.0.0
