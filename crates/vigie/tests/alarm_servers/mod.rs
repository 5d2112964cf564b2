//! Servers that alarms are sent to. Each listens on a free port of this machine and ends with its value.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::real_data;

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Waits until somebody listens there.
#[track_caller]
fn wait_for(port: u16) {
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            began.elapsed() < Duration::from_secs(120),
            "nobody listens on {port}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A process of a test, ended by its id.
pub struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// An HTTP server that answers with the given codes in turn, the last one for ever after; 0: it takes the request and never
/// answers.
pub struct Http {
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Http {
    pub fn start(codes: &[u16]) -> Self {
        Self::serve(
            TcpListener::bind("127.0.0.1:0").unwrap(),
            codes,
            String::new(),
        )
    }

    pub fn start_at(port: u16, codes: &[u16]) -> Self {
        Self::serve(
            TcpListener::bind(("127.0.0.1", port)).unwrap(),
            codes,
            String::new(),
        )
    }

    pub fn redirecting(to: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self::serve(listener, &[307], format!("Location: {to}\r\n"))
    }

    fn serve(listener: TcpListener, codes: &[u16], header: String) -> Self {
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, codes) = (Arc::clone(&requests), codes.to_vec());
        std::thread::spawn(move || {
            let mut unanswered = Vec::new();
            for (number, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let Some(request) = read_request(&stream) else {
                    continue;
                };
                kept.lock().unwrap().push(request);
                let code = *codes.get(number).or(codes.last()).unwrap();
                if code == 0 {
                    unanswered.push(stream);
                    continue;
                }
                let answer = format!(
                    "HTTP/1.1 {code} X\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n"
                );
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { url, requests }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn read_request(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut headers = Vec::new();
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let length = headers
        .iter()
        .find(|(n, _)| n == "content-length")?
        .1
        .parse()
        .ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        headers,
        body: String::from_utf8(body).ok()?,
    })
}

/// Takes whatever comes over TCP or UDP.
pub struct Listener {
    pub port: u16,
    received: Arc<Mutex<Vec<String>>>,
}

impl Listener {
    pub fn tcp() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&received);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut text = String::new();
                stream.unwrap().read_to_string(&mut text).unwrap();
                kept.lock().unwrap().push(text);
            }
        });
        Self { port, received }
    }

    pub fn udp() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&received);
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(length) = socket.recv(&mut buffer) {
                let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
                kept.lock().unwrap().push(text);
            }
        });
        Self { port, received }
    }

    pub fn received(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }
}

/// An authority and a certificate of `localhost`, made for one test.
pub struct Certificates {
    pub authority: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
    folder: PathBuf,
}

impl Certificates {
    /// `None` where openssl or python3 is missing.
    pub fn make(folder: &Path) -> Option<Self> {
        Command::new("python3")
            .arg("--version")
            .output()
            .ok()
            .filter(|o| o.status.success())?;
        let openssl = |arguments: &str| {
            let mut command = Command::new("openssl");
            let output = command
                .args(arguments.split(' '))
                .current_dir(folder)
                .output()
                .ok()?;
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            Some(())
        };
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        openssl(&format!(
            "req -x509 {key} -keyout ca.key -out ca.pem -days 30 -subj /CN=Test"
        ))?;
        openssl(&format!(
            "req {key} -keyout own.key -out own.csr -subj /CN=localhost"
        ))?;
        std::fs::write(
            folder.join("names"),
            "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n",
        )
        .unwrap();
        openssl(
            "x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile names -out own.pem",
        )?;
        Some(Self {
            authority: folder.join("ca.pem"),
            certificate: folder.join("own.pem"),
            key: folder.join("own.key"),
            folder: folder.to_owned(),
        })
    }

    /// An HTTP server behind TLS that takes every POST.
    pub fn https(&self) -> TlsServer {
        self.python(
            "import http.server, ssl, sys\n\
             class H(http.server.BaseHTTPRequestHandler):\n    \
                 def do_POST(self):\n        \
                     self.rfile.read(int(self.headers['Content-Length'])); self.send_response(204); self.end_headers()\n\
             s = http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), H)\n\
             c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(sys.argv[2], sys.argv[3])\n\
             s.socket = c.wrap_socket(s.socket, server_side=True)\n\
             s.serve_forever()\n",
        )
    }

    /// A TLS server that writes what it gets into a file.
    pub fn tls_listener(&self) -> TlsServer {
        self.python(
            "import socket, ssl, sys\n\
             c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(sys.argv[2], sys.argv[3])\n\
             l = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n\
             while True:\n    \
                 s, _ = l.accept()\n    \
                 try:\n        \
                     t = c.wrap_socket(s, server_side=True)\n        \
                     while True:\n            \
                         d = t.recv(65536)\n            \
                         if not d: break\n            \
                         f = open(sys.argv[4], 'ab'); f.write(d); f.close()\n        \
                     t.close()\n    \
                 except OSError: pass\n",
        )
    }

    fn python(&self, script: &str) -> TlsServer {
        let port = free_port();
        let file = self.folder.join(format!("received-{port}"));
        let child = Command::new("python3")
            .args(["-c", script, &port.to_string()])
            .args([&self.certificate, &self.key, &file])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let service = Service(child);
        wait_for(port);
        TlsServer {
            port,
            file,
            service,
        }
    }
}

pub struct TlsServer {
    pub port: u16,
    file: PathBuf,
    service: Service,
}

impl TlsServer {
    pub fn received(&self) -> String {
        std::fs::read_to_string(&self.file).unwrap_or_default()
    }
}

/// aiosmtpd, which puts what it takes into a folder.
pub struct Smtp {
    pub port: u16,
    folder: tempfile::TempDir,
    arguments: Vec<String>,
    service: Option<Service>,
}

impl Smtp {
    /// `None`, and said so, where it is missing. With certificates it speaks TLS from the first byte.
    pub fn start(certificates: Option<&Certificates>) -> Option<Self> {
        let python = std::env::var("VIGIE_SMTP_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let there = Command::new(&python)
            .args(["-c", "import aiosmtpd"])
            .output();
        if !there.is_ok_and(|o| o.status.success()) {
            real_data::skipped(
                "vigie/alarms_by_mail",
                "aiosmtpd is missing (pip install aiosmtpd, and its python in VIGIE_SMTP_PYTHON)",
            );
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let mut arguments = vec![python];
        arguments.extend(["-m", "aiosmtpd", "-n", "-l"].map(str::to_owned));
        arguments.push(format!("127.0.0.1:{port}"));
        if let Some(c) = certificates {
            arguments.extend([
                "--smtpscert".to_owned(),
                c.certificate.display().to_string(),
            ]);
            arguments.extend(["--smtpskey".to_owned(), c.key.display().to_string()]);
        }
        arguments.extend(["-c", "aiosmtpd.handlers.Mailbox"].map(str::to_owned));
        arguments.push(folder.path().join("mail").display().to_string());
        let mut smtp = Self {
            port,
            folder,
            arguments,
            service: None,
        };
        smtp.start_again();
        Some(smtp)
    }

    pub fn start_again(&mut self) {
        let child = Command::new(&self.arguments[0])
            .args(&self.arguments[1..])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.service = Some(Service(child));
        wait_for(self.port);
    }

    pub fn stop(&mut self) {
        self.service = None;
    }

    pub fn mails(&self) -> Vec<String> {
        let folder = self.folder.path().join("mail/new");
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        entries
            .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
            .collect()
    }
}

/// mosquitto; `None`, and said so, where it is missing.
pub fn broker(
    test: &str,
    port: u16,
    certificates: Option<&Certificates>,
) -> Option<(Service, tempfile::TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    let mut settings =
        format!("listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n");
    if let Some(c) = certificates {
        // It may change its user: the files are for a test only.
        use std::os::unix::fs::PermissionsExt;
        settings += &format!(
            "certfile {}\nkeyfile {}\n",
            c.certificate.display(),
            c.key.display()
        );
        settings += "user root\n";
        std::fs::set_permissions(&c.key, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let file = folder.path().join("mosquitto.conf");
    std::fs::write(&file, settings).unwrap();
    let found = ["mosquitto", "/usr/sbin/mosquitto"]
        .into_iter()
        .find_map(|program| {
            let mut command = Command::new(program);
            command
                .arg("-c")
                .arg(&file)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command.spawn().ok()
        });
    let Some(child) = found else {
        real_data::skipped(
            test,
            "mosquitto is missing (Debian: apt-get install mosquitto)",
        );
        return None;
    };
    let service = Service(child);
    wait_for(port);
    Some((service, folder))
}

/// What is published under a topic from now on.
pub fn subscribe(port: u16, topic: &str) -> Receiver<Vec<u8>> {
    use rumqttc::mqttbytes::v4::Packet;
    use rumqttc::{Client, Event, MqttOptions, QoS};
    let options = MqttOptions::new("the-test", ("127.0.0.1", port));
    let (client, mut connection) = Client::builder(options).capacity(4).build();
    client.subscribe(topic, QoS::AtLeastOnce).unwrap();
    let (out, heard) = channel();
    let (ready, is_ready) = channel();
    std::thread::spawn(move || {
        let _client = client;
        for event in connection.iter() {
            match event {
                Ok(Event::Incoming(Packet::SubAck(_))) => ready.send(()).unwrap(),
                Ok(Event::Incoming(Packet::Publish(p))) => {
                    if out.send(p.payload.to_vec()).is_err() {
                        return;
                    }
                }
                Ok(_) => {}
                Err(_) => return,
            }
        }
    });
    is_ready.recv_timeout(Duration::from_secs(60)).unwrap();
    heard
}
