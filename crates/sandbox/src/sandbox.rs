use crate::{
    Fault, FaultError, SandboxError, connection,
    data::build,
    dump,
    faults::{self, Faults, Site},
    generated::SPECS,
    hub::{self, Hub, Listed},
    keys::{AccessKey, Scope},
    listing::{CollectionState, OperationInfo},
    platform::Platform,
    recorded::RecordedRequest,
    spec::Spec,
};
use std::{
    collections::BTreeMap,
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::mpsc::{self, UnboundedReceiver},
    task::AbortHandle,
};

/// What a sandbox holds and where it listens.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// Records in each stream of contacts whose requests are not rate limited; 100 by default.
    pub users: u64,
    /// Records in each other stream; by default as many as users, but 1000 at most.
    pub chats: Option<u64>,
    /// Chooses people, ids and credentials: the same seed gives the same sandbox. 1 by default.
    pub seed: u64,
    /// How many records differ from those without edits: in one mapped field, and in the time of their last change.
    pub edits: u64,
    /// Whether some records have what no document names: a property, a word that an enumeration lacks. Clients must bear it, as
    /// platforms do so; without it, every answer is as its schema says. Not by default.
    pub surprises: bool,
    /// Rows that come and go between the pages of a list while it is read; none by default.
    pub churn: Churn,
    /// The port of the page and the control API; the platforms are on those after it. By default the system chooses each.
    pub ports: Option<u16>,
    /// The address to listen on; by default 127.0.0.1, which only this computer reaches.
    pub bind: IpAddr,
    /// The platforms to start; all by default.
    pub platforms: Option<Vec<String>>,
}

/// How a list changes while it is read: after each page of it, on average so many rows are inserted and deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Churn {
    /// New rows, which come first where the newest come first.
    pub inserts: f64,
    /// Rows that vanish, anywhere in the list.
    pub deletes: f64,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            users: 100,
            chats: None,
            seed: 1,
            edits: 0,
            surprises: false,
            churn: Churn::default(),
            ports: None,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            platforms: None,
        }
    }
}

impl SandboxOptions {
    /// One platform, everything else by default.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// use botroster_sandbox::{Sandbox, SandboxOptions};
    ///
    /// let sandbox = Sandbox::start_with(SandboxOptions::only("peki")).await?;
    /// assert_eq!(sandbox.platforms()[0].name, "peki");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn only(platform: &str) -> Self {
        Self {
            platforms: Some(vec![platform.to_owned()]),
            ..Self::default()
        }
    }

    pub(crate) fn chats(&self) -> u64 {
        self.chats.unwrap_or(self.users.min(1000))
    }
}

/// Platforms that run on loopback until this is dropped.
#[derive(Debug)]
pub struct Sandbox {
    running: Vec<Running>,
    control_url: String,
    hub: Arc<Hub>,
    accepting: AbortHandle,
}

/// A platform that runs.
pub struct Running {
    /// The platform's name.
    pub name: String,
    /// Scheme, address and port, and the path that the platform's own base URL has.
    pub base_url: String,
    /// What to authenticate with, by the name of the credential.
    pub credentials: BTreeMap<String, String>,
    /// The ids that requests must name, by parameter.
    pub scope: BTreeMap<String, String>,
    /// For streams that cannot be listed whole: the arguments of the walks that together list all of it.
    pub seeds: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    /// All credentials that are known: `main` is those of `credentials`.
    pub keys: Vec<AccessKey>,
    /// All that `scope` could be, the first being it. Other people are in each.
    pub scopes: Vec<Scope>,
    platform: Arc<Platform>,
    accepting: AbortHandle,
}

impl Sandbox {
    /// Starts the platforms whose specs come with this crate, with 100 people each, on free ports. Must be called within a tokio
    /// runtime.
    ///
    /// # Errors
    ///
    /// If a port cannot be had.
    pub async fn start() -> Result<Self, SandboxError> {
        Self::start_with(SandboxOptions::default()).await
    }

    /// Starts platforms as the options say.
    ///
    /// # Errors
    ///
    /// If there is no platform of a name asked for, or a port cannot be had.
    pub async fn start_with(options: SandboxOptions) -> Result<Self, SandboxError> {
        Self::start_specs(options, SPECS).await
    }

    /// Starts platforms from these specs: name and OpenAPI document as JSON, with its `x-` words.
    ///
    /// # Errors
    ///
    /// As [`start_with`](Self::start_with), or if a spec cannot be read.
    pub async fn start_specs(
        options: SandboxOptions,
        specs: &[(&str, &str)],
    ) -> Result<Self, SandboxError> {
        let mut platforms = Vec::new();
        for (name, json) in chosen(&options, specs)? {
            platforms.push(Platform::new(Spec::read(name, json)?, &options)?);
        }
        let mut data: Vec<_> = platforms
            .iter_mut()
            .map(|platform| std::mem::take(&mut platform.collections))
            .collect();
        build::edit(&mut data, options.edits);
        for (platform, collections) in platforms.iter_mut().zip(data) {
            platform.collections = collections;
        }
        let count = platforms.len() + 1;
        let port = |number: u16| match options.ports {
            None => Ok(0),
            Some(first) => first
                .checked_add(number)
                .ok_or_else(|| SandboxError::ports(first, count)),
        };
        // Those of all platforms before a port is opened for one.
        port(u16::try_from(count - 1).unwrap_or(u16::MAX))?;
        let (listener, address) = bind(options.bind, port(0)?).await?;
        let (counter, faults) = (Arc::default(), Arc::<Faults>::default());
        let (mut running, mut listed) = (Vec::new(), Vec::new());
        for (number, platform) in (1..).zip(platforms) {
            platform.number_by(&counter);
            let (down, downs) = mpsc::unbounded_channel();
            let site = Arc::new(Site {
                platform: Arc::new(platform),
                faults: Arc::clone(&faults),
                down: down.clone(),
            });
            let platform = Arc::clone(&site.platform);
            let started = run(site, downs, options.bind, port(number)?).await?;
            listed.push(Listed {
                platform,
                described: hub::described(&started),
                down,
            });
            running.push(started);
        }
        let hub = Arc::new(Hub {
            platforms: listed,
            faults,
            address: options.bind,
        });
        let own = Arc::clone(&hub);
        let handler = move |request| hub::answer(Arc::clone(&own), request);
        let (_, never) = mpsc::unbounded_channel();
        let accepting = tokio::spawn(connection::serve(listener, never, handler)).abort_handle();
        Ok(Self {
            running,
            control_url: format!("http://{address}/"),
            hub,
            accepting,
        })
    }

    /// Sets a fault, as [`Fault`] tells, and returns its id. Those that were set before go first.
    ///
    /// # Errors
    ///
    /// If there is no such platform, or no such operation in it.
    pub fn add_fault(&self, fault: Fault) -> Result<u64, FaultError> {
        self.hub.add_fault(fault)
    }

    /// Takes a fault back; false if there is none of this id.
    pub fn remove_fault(&self, id: u64) -> bool {
        self.hub.faults.remove(id)
    }

    /// To how many requests a fault was done; `None` if there is none of this id.
    pub fn fired(&self, id: u64) -> Option<u64> {
        self.hub.faults.fired(id)
    }

    /// Forgets faults, and of every platform what was written and recorded.
    pub fn reset(&self) {
        self.hub.reset();
    }

    /// Where the page and the control API are: `http://127.0.0.1:PORT/`.
    pub fn control_url(&self) -> &str {
        &self.control_url
    }

    /// The platforms, in the order of their names or as they were asked for.
    pub fn platforms(&self) -> &[Running] {
        &self.running
    }

    /// Writes every record of every stream as a line of JSON, with all that was written to the sandbox so far:
    /// `{"arguments":{…},"platform":"…","record":{…},"stream":"…"}`. Of the scopes of a platform, those of the first.
    ///
    /// Rows that [`churn`](SandboxOptions::churn) inserted have `"inserted"` too, the number of the request after which they
    /// came; rows that it deleted are not there. Those that stood in a list all the while that the requests from a number on
    /// were answered are those without `inserted`, or with a lower one.
    ///
    /// # Errors
    ///
    /// If `out` cannot be written to.
    pub fn dump(&self, out: &mut impl io::Write) -> io::Result<()> {
        self.running
            .iter()
            .try_for_each(|running| dump::platform(&running.platform, out))
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
            let known = || specs.iter().map(|(known, _)| (*known).to_owned()).collect();
            found.ok_or_else(|| SandboxError::platform(name, known()))
        })
        .collect()
}

/// A listener and the address that reaches it from this computer.
async fn bind(address: IpAddr, port: u16) -> Result<(TcpListener, SocketAddr), SandboxError> {
    let wanted = SocketAddr::from((address, port));
    let failed = |error| SandboxError::bind(wanted.to_string(), error);
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

async fn run(
    site: Arc<Site>,
    downs: UnboundedReceiver<Duration>,
    address: IpAddr,
    port: u16,
) -> Result<Running, SandboxError> {
    let (listener, address) = bind(address, port).await?;
    let platform = Arc::clone(&site.platform);
    let handler = move |request| faults::answer(Arc::clone(&site), request);
    let accepting = tokio::spawn(connection::serve(listener, downs, handler)).abort_handle();
    let seeded = platform.collections.iter().filter_map(|collection| {
        Some((collection.name.clone()?, collection.seeds.as_ref()?.rows()))
    });
    let keys = platform.gate.keys();
    Ok(Running {
        name: platform.spec.platform.clone(),
        base_url: format!("http://{address}{}", platform.spec.base_path),
        credentials: keys
            .first()
            .map(|key| key.credentials.clone())
            .unwrap_or_default(),
        scope: platform.scope.iter().cloned().collect(),
        seeds: seeded.collect(),
        keys,
        scopes: platform.scopes.clone(),
        platform,
        accepting,
    })
}

impl Running {
    /// Arguments with which an operation succeeds, by their wire names: its required parameters, and the properties of its body that name
    /// records. Ids are of records that are there, and lists are not empty. `None` if the spec has no operation of this `operationId`.
    pub fn arguments(&self, operation: &str) -> Option<BTreeMap<String, String>> {
        self.platform.arguments(operation)
    }

    /// Every operation, with what is known about it.
    pub fn operations(&self) -> Vec<OperationInfo> {
        self.platform.operations()
    }

    /// What became of each collection since the start.
    pub fn state(&self) -> Vec<CollectionState> {
        self.platform.collection_states()
    }

    /// Forgets writes, recorded requests, and what rate limits counted.
    pub fn reset(&self) {
        self.platform.reset();
    }

    /// How many requests came in so far, refused ones included.
    pub fn request_count(&self) -> u64 {
        self.platform.state().requests
    }

    /// The last thousand requests, oldest first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        let state = self.platform.state();
        state.logged().map(|(_, request)| request.clone()).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Credentials are left out, although they open nothing but this sandbox.
impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("name", &self.name)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
