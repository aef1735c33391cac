@echo off
where node >nul 2>nul
if errorlevel 1 (
  echo the plugin alicloud-secondary-ips needs Node.js 20 or newer, and there is no node on PATH; install it from https://nodejs.org 1>&2
  exit /b 1
)
node "%~dp0start.js" %*
