{{- define "loginportal.name" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "loginportal.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "loginportal.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "loginportal.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "loginportal.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "loginportal.environment" -}}
- name: Database__Provider
  value: PostgreSql
- name: Portal__PublicOrigin
  value: {{ .Values.publicOrigin | quote }}
- name: Portal__DrainDelay
  value: {{ printf "00:%02d:%02d" (div .Values.drainSeconds 60) (mod .Values.drainSeconds 60) | quote }}
{{- range $index, $network := .Values.trustedProxies }}
- name: Portal__TrustedProxies__{{ $index }}
  value: {{ $network | quote }}
{{- end }}
- name: Mail__Host
  value: {{ .Values.mail.host | quote }}
- name: Mail__Port
  value: {{ .Values.mail.port | quote }}
- name: Mail__From
  value: {{ .Values.mail.from | quote }}
{{- with .Values.mail.userName }}
- name: Mail__UserName
  value: {{ . | quote }}
{{- end }}
{{- if .Values.keyEncryptionSecret }}
- name: Portal__KeyEncryptionCertificatePath
  value: /etc/loginportal/key-encryption.p12
{{- end }}
{{- with .Values.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "loginportal.image" -}}
{{- $root := index . 0 -}}
{{- printf "%s:%s" (index . 1) (default $root.Chart.AppVersion $root.Values.image.tag) -}}
{{- end -}}

{{- define "loginportal.secretSources" -}}
- secretRef:
    name: {{ required "existingSecret must name a secret with ConnectionStrings__Portal" .Values.existingSecret }}
{{- end -}}

{{- define "loginportal.mounts" -}}
{{- if .Values.keyEncryptionSecret }}
volumeMounts:
  - name: key-encryption
    mountPath: /etc/loginportal
    readOnly: true
{{- end }}
{{- end -}}

{{- define "loginportal.volumes" -}}
{{- if .Values.keyEncryptionSecret }}
volumes:
  - name: key-encryption
    secret:
      secretName: {{ .Values.keyEncryptionSecret }}
      defaultMode: 0440
{{- end }}
{{- end -}}
