#!/usr/bin/env node
import "../dist/hoopxd.js";
