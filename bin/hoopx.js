#!/usr/bin/env node
import "../dist/hoopx.js";
