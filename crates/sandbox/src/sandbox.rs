//! Starting and controlling the platforms.

use crate::{
    data::edits,
    error::SandboxError,
    faults::{
        active::ActiveFaults,
        fault::{Fault, FaultError},
        serve::{self, PlatformServer},
    },
    generated::MODELS,
    http::connection,
    hub::{self, Hub, ListedPlatform},
    options::SandboxOptions,
    platform::{Platform, dump},
    running::Running,
    spec::Spec,
};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};
use tokio::{net::TcpListener, sync::mpsc, task::AbortHandle};

/// Platforms running on loopback until this is dropped.
#[derive(Debug)]
pub struct Sandbox {
    running: Vec<Running>,
    control_url: String,
    hub: Arc<Hub>,
    accepting: AbortHandle,
}

impl Sandbox {
    /// Starts the platforms whose specs are part of this crate, with 100 people each, on free ports. Must be called within a
    /// tokio runtime.
    ///
    /// # Errors
    ///
    /// If no port can be bound.
    pub async fn start() -> Result<Self, SandboxError> {
        Self::start_with(SandboxOptions::default()).await
    }

    /// Starts platforms with these options.
    ///
    /// # Errors
    ///
    /// If a platform in the options does not exist, or a port cannot be bound.
    pub async fn start_with(options: SandboxOptions) -> Result<Self, SandboxError> {
        Self::start_models(options, MODELS).await
    }

    /// Starts platforms from these models: pairs of a name and the model as JSON, as `botroster-codegen` writes it.
    ///
    /// # Errors
    ///
    /// As [`start_with`](Self::start_with), or if a model is invalid.
    pub async fn start_models(
        options: SandboxOptions,
        specs: &[(&str, &str)],
    ) -> Result<Self, SandboxError> {
        let mut platforms = Vec::new();
        for (name, json) in chosen(&options, specs)? {
            platforms.push(Platform::new(Spec::read(name, json)?, &options)?);
        }
        edits::spread(
            platforms
                .iter_mut()
                .flat_map(|platform| &mut platform.collections),
            options.edits,
        );
        let ports = ports(options.ports, platforms.len() + 1)?;
        let mut ports = ports.into_iter();
        let mut listen = || bind(options.bind, ports.next().unwrap_or_default());
        let (hub_listener, hub_address) = listen().await?;
        let (counter, faults) = (Arc::default(), Arc::<ActiveFaults>::default());
        let (mut running, mut listed) = (Vec::new(), Vec::new());
        for platform in platforms {
            platform.state().count_with(&counter);
            let platform = Arc::new(platform);
            let (outage, outages) = mpsc::unbounded_channel();
            let server = Arc::new(PlatformServer {
                platform: Arc::clone(&platform),
                faults: Arc::clone(&faults),
                outage: outage.clone(),
            });
            let (listener, address) = listen().await?;
            let handler = move |request| serve::handle(Arc::clone(&server), request);
            let accepting = tokio::spawn(connection::serve(listener, outages, handler));
            let started = Running::new(
                Arc::clone(&platform),
                &address.to_string(),
                accepting.abort_handle(),
            );
            listed.push(ListedPlatform {
                platform,
                description: hub::describe(&started),
                outage,
            });
            running.push(started);
        }
        let hub = Arc::new(Hub {
            platforms: listed,
            faults,
            address: options.bind,
        });
        let own = Arc::clone(&hub);
        let handler = move |request| hub::handle(Arc::clone(&own), request);
        let (_, no_outages) = mpsc::unbounded_channel();
        let accepting = tokio::spawn(connection::serve(hub_listener, no_outages, handler));
        Ok(Self {
            running,
            control_url: format!("http://{hub_address}/"),
            hub,
            accepting: accepting.abort_handle(),
        })
    }

    /// Sets a fault and returns its id. Of several faults that match a request, those set first take precedence.
    ///
    /// # Errors
    ///
    /// If the fault names a platform or an operation that does not exist.
    pub fn add_fault(&self, fault: Fault) -> Result<u64, FaultError> {
        self.hub.add_fault(fault)
    }

    /// Removes a fault; returns false if there is none with this id.
    pub fn remove_fault(&self, id: u64) -> bool {
        self.hub.faults.remove(id)
    }

    /// Returns how many requests a fault was applied to; `None` if there is no fault with this id.
    pub fn fired(&self, id: u64) -> Option<u64> {
        self.hub.faults.fired(id)
    }

    /// Discards faults, writes and recorded requests.
    pub fn reset(&self) {
        self.hub.reset();
    }

    /// Returns the URL of the page and the control API: `http://127.0.0.1:PORT/`.
    pub fn control_url(&self) -> &str {
        &self.control_url
    }

    /// Returns the platforms, in the order of [`SandboxOptions::platforms`] or sorted by name.
    pub fn platforms(&self) -> &[Running] {
        &self.running
    }

    /// Writes every record of every stream as a line of JSON, including everything written to the sandbox so far:
    /// `{"arguments":{…},"platform":"…","record":{…},"stream":"…"}`. Of a platform with several scopes, the first is written.
    ///
    /// Rows inserted by [`churn`](SandboxOptions::churn) also have `"inserted"`, the number of the request after which they
    /// appeared; deleted rows are omitted. The rows that were in a list throughout the requests from number *n* on are those
    /// without `inserted`, or with `inserted` below *n*.
    ///
    /// # Errors
    ///
    /// If writing to `out` fails.
    pub fn dump(&self, out: &mut impl io::Write) -> io::Result<()> {
        self.running
            .iter()
            .try_for_each(|running| dump::platform(running.platform(), out))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn chosen<'a>(
    options: &SandboxOptions,
    specs: &[(&'a str, &'a str)],
) -> Result<Vec<(&'a str, &'a str)>, SandboxError> {
    let Some(names) = &options.platforms else {
        return Ok(specs.to_vec());
    };
    names
        .iter()
        .map(|name| {
            let found = specs.iter().find(|(known, _)| known == name).copied();
            found.ok_or_else(|| {
                let known: Vec<&str> = specs.iter().map(|(known, _)| *known).collect();
                SandboxError::platform(name, &known)
            })
        })
        .collect()
}

/// The ports to bind, 0 where the system assigns one. Checked before the first is opened.
fn ports(first: Option<u16>, count: usize) -> Result<Vec<u16>, SandboxError> {
    let Some(first) = first else {
        return Ok(vec![0; count]);
    };
    let ports: Vec<u16> = (first..=u16::MAX).take(count).collect();
    match ports.len() == count {
        true => Ok(ports),
        false => Err(SandboxError::ports(first, count)),
    }
}

/// A listener and the address that reaches it from this computer.
async fn bind(address: IpAddr, port: u16) -> Result<(TcpListener, SocketAddr), SandboxError> {
    let wanted = SocketAddr::from((address, port));
    let failed = |error| SandboxError::bind(&wanted.to_string(), error);
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let mut address = listener.local_addr().map_err(failed)?;
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    Ok((listener, address))
}
