@echo off
rem Tries RelayLock on this host. Options: run --help
"%~dp0acceptance.exe" %*
exit /b %ERRORLEVEL%
