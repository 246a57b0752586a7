#!/usr/bin/env bash
# A web application behind Apache's mod_auth_openidc: bash apache.sh PORT ISSUER CLIENT_ID CLIENT_SECRET
set -euo pipefail
port=$1 issuer=$2 client=$3 secret=$4
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 143' INT TERM
modules=/usr/lib/apache2/modules
mkdir "$folder/htdocs" "$folder/htdocs/app"
echo '<p id="who">nobody</p>' >"$folder/htdocs/index.html"
echo '<p id="who"><!--#echo var="OIDC_CLAIM_sub" --></p><p id="result"><!--#echo var="OIDC_CLAIM_email" --></p>' >"$folder/htdocs/app/index.shtml"
chmod -R a+rX "$folder"
cat >"$folder/apache.conf" <<CONFIGURATION
ServerRoot "$folder"
ServerName localhost
Listen 127.0.0.1:$port
PidFile "$folder/apache.pid"
ErrorLog "$folder/error.log"
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authn_core_module $modules/mod_authn_core.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule authz_user_module $modules/mod_authz_user.so
LoadModule include_module $modules/mod_include.so
LoadModule mime_module $modules/mod_mime.so
LoadModule dir_module $modules/mod_dir.so
LoadModule auth_openidc_module $modules/mod_auth_openidc.so
TypesConfig /etc/mime.types
User www-data
Group www-data
DocumentRoot "$folder/htdocs"
DirectoryIndex index.shtml index.html
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
OIDCProviderMetadataURL $issuer/.well-known/openid-configuration
OIDCClientID $client
OIDCClientSecret "$secret"
OIDCRedirectURI http://localhost:$port/app/callback
OIDCCryptoPassphrase $(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
OIDCScope "openid profile email offline_access"
OIDCPKCEMethod S256
OIDCResponseMode query
OIDCInfoHook iat access_token userinfo
OIDCDefaultLoggedOutURL http://localhost:$port/
<Directory "$folder/htdocs">
  Options +Includes
  Require all granted
</Directory>
<Location /app>
  AuthType openid-connect
  Require valid-user
</Location>
CONFIGURATION
/usr/sbin/apache2 -f "$folder/apache.conf" -DFOREGROUND &
server=$!
curl --silent --output /dev/null --retry 30 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/"
echo ready
wait "$server" || { cat "$folder/error.log" >&2; exit 1; }
