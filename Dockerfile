# syntax=docker/dockerfile:1
# Two images from one file: docker build --target portal -t loginportal . and docker build --target api -t loginportal-api .
# They run as a user without rights, on a file system that may be read-only, and keep everything in the database.
ARG DOTNET_VERSION=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET_VERSION} AS build
ARG TARGETARCH
WORKDIR /source
# What is restored changes seldom: a layer of its own.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY eng/ eng/
COPY LoginPortal/LoginPortal.csproj LoginPortal/
COPY LoginPortal.Api/LoginPortal.Api.csproj LoginPortal.Api/
COPY LoginPortal.Core/LoginPortal.Core.csproj LoginPortal.Core/
RUN rid=linux-$([ "$TARGETARCH" = arm64 ] && echo arm64 || echo x64) \
 && for host in LoginPortal LoginPortal.Api; do dotnet restore $host -r $rid -p:PublishReadyToRun=true -p:SelfContained=true || exit 1; done
COPY LoginPortal/ LoginPortal/
COPY LoginPortal.Api/ LoginPortal.Api/
COPY LoginPortal.Core/ LoginPortal.Core/
COPY wwwroot-assets/ wwwroot-assets/
RUN rid=linux-$([ "$TARGETARCH" = arm64 ] && echo arm64 || echo x64) \
 && dotnet publish LoginPortal -c Release -r $rid --no-restore -o /out/portal \
 && dotnet publish LoginPortal.Api -c Release -r $rid --no-restore -o /out/api

# Chiselled: no shell, no package manager, and no .NET, which the output has in it. The extra variant has ICU and time zones, which languages and
# people's times need.
FROM mcr.microsoft.com/dotnet/runtime-deps:${DOTNET_VERSION}-noble-chiseled-extra AS base
# The runtime would put a socket for debuggers into /tmp, which may be read-only.
ENV DOTNET_EnableDiagnostics=0 \
    ASPNETCORE_HTTP_PORTS= \
    ASPNETCORE_URLS=http://+:8080
WORKDIR /app
USER $APP_UID
EXPOSE 8080

FROM base AS api
COPY --from=build /out/api ./
ENTRYPOINT ["./LoginPortal.Api"]

FROM base AS portal
COPY --from=build /out/portal ./
ENTRYPOINT ["./LoginPortal"]
