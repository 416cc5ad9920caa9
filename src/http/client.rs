//! From where a request comes: the sender's own address, whatever stands between.

use crate::{
    app::App,
    config::without_port,
    policy::Role,
    store::{Origin, Visitor},
};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, header, request::Parts},
};
use ipnet::IpNet;
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

/// The sender.
#[derive(Clone, Debug)]
pub struct Client {
    pub origin: Origin,
}

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Client, Infallible> {
        Ok(Client::of(&parts.headers, &parts.extensions, app))
    }
}

/// Put into each request that came over the program's own https.
#[derive(Clone, Copy, Debug)]
pub struct OverTls;

/// Plain http, and not on this machine alone: a browser would keep no cookie of ours, and others could read along.
#[derive(Clone, Copy, Debug)]
pub struct Plain(pub bool);

impl FromRequestParts<App> for Plain {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Plain, Infallible> {
        Ok(Plain::of(&parts.headers, &parts.extensions, app))
    }
}

impl Plain {
    pub fn of(headers: &HeaderMap, extensions: &Extensions, app: &App) -> Plain {
        let forwarded =
            app.settings().trusted_proxy && headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https");
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let named_here = matches!(without_port(host), "localhost" | "127.0.0.1" | "[::1]");
        let from_here = extensions.get::<ConnectInfo<SocketAddr>>().is_some_and(|peer| peer.0.ip().is_loopback());
        Plain(!(forwarded || extensions.get::<OverTls>().is_some() || (named_here && from_here)))
    }
}

impl Client {
    pub fn of(headers: &HeaderMap, extensions: &Extensions, app: &App) -> Client {
        // Without an address (there is none only in a test of one handler) nobody is let in for being near.
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| {
            let settings = app.settings();
            // Told of a proxy and of no address of it: it runs on this machine.
            let unlisted = settings.trusted_proxy && settings.sign_in.proxies.is_empty();
            let proxy = |one: IpAddr| lies_in(one, &settings.sign_in.proxies) || (unlisted && one.is_loopback());
            sender(peer, headers, proxy)
        });
        let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Client { origin: Origin { address, agent: agent.to_owned() } }
    }

    pub fn is_loopback(&self) -> bool {
        self.origin.address.is_loopback()
    }

    /// Is that one of the offices, or, in the demo, this machine?
    pub fn is_in_office(&self, app: &App) -> bool {
        lies_in(self.origin.address, &app.settings().sign_in.office_networks)
            || (app.settings().demo && self.is_loopback())
    }

    /// Has she given a second factor, or is she where none is needed?
    pub fn is_sure_of(&self, app: &App, visitor: &Visitor) -> bool {
        let settings = app.settings();
        let spared = visitor.demo && settings.demo && settings.sign_in.demo_without_factor && self.is_loopback();
        visitor.factor || spared || !visitor.actor.role().needs_factor(self.is_in_office(app))
    }

    /// Admins work from listed networks and in listed hours, where those are set.
    pub fn admin_may_work(&self, app: &App, role: Role) -> bool {
        let settings = &app.settings().sign_in;
        let place = settings.admin_networks.is_empty() || lies_in(self.origin.address, &settings.admin_networks);
        let time = settings.admin_hours.is_none_or(|hours| hours.hold(app.store().now()));
        role != Role::Admin || (place && time)
    }
}

fn lies_in(address: IpAddr, networks: &[IpNet]) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// The last address that a listed proxy vouches for. What anybody else writes into the header is not read.
fn sender(peer: IpAddr, headers: &HeaderMap, is_proxy: impl Fn(IpAddr) -> bool) -> IpAddr {
    let mut address = peer.to_canonical();
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    for said in forwarded.into_iter().rev() {
        if !is_proxy(address) {
            break;
        }
        // A word that is no address ends what can be believed.
        let Ok(before) = said.parse::<IpAddr>() else { break };
        address = before.to_canonical();
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_listed_proxy_is_believed() {
        let proxies: Vec<IpNet> = vec!["127.0.0.0/8".parse().unwrap(), "10.1.0.0/16".parse().unwrap()];
        let from = |peer: &str, header: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", header.parse().unwrap());
            sender(peer.parse().unwrap(), &headers, |one| lies_in(one, &proxies)).to_string()
        };
        assert_eq!(from("127.0.0.1", "203.0.113.7"), "203.0.113.7");
        assert_eq!(from("::ffff:127.0.0.1", "203.0.113.7"), "203.0.113.7");
        assert_eq!(from("198.51.100.1", "127.0.0.1"), "198.51.100.1", "a stranger says what she likes");
        assert_eq!(
            from("127.0.0.1", "192.0.2.1, 203.0.113.7"),
            "203.0.113.7",
            "the sender wrote the first one herself"
        );
        assert_eq!(from("127.0.0.1", "203.0.113.7, 10.1.2.3"), "203.0.113.7", "two proxies");
        assert_eq!(from("127.0.0.1", "rubbish"), "127.0.0.1");
    }
}
