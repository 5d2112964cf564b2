//! A program that serves the console, and a client that speaks HTTP to it, header by header.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The program, until it is dropped.
pub struct Served {
    child: Child,
    pub host: String,
    pub link: String,
}

impl Served {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .env_remove("DISPLAY")
            .env("USER", "tester")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let path = loop {
            let line = lines.next().unwrap_or_else(|| panic!("{said}")).unwrap();
            if let Some((_, path)) = line.split_once("with its key, is in ") {
                break path.trim_end_matches('.').to_owned();
            }
            said.push_str(&line);
            assert!(!line.contains("token="), "{line}");
        };
        // What else it says is read, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        let link = std::fs::read_to_string(&path).unwrap().trim().to_owned();
        let mode = {
            use std::os::unix::fs::PermissionsExt;
            std::fs::metadata(&path).unwrap().permissions().mode()
        };
        assert_eq!(mode & 0o777, 0o600);
        let host = link.strip_prefix("http://").unwrap();
        let host = host.split('/').next().unwrap().to_owned();
        Self { child, host, link }
    }

    /// As Ctrl-C does.
    pub fn interrupt(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args(["-INT", &pid]).status().unwrap();
        assert!(status.success());
        let until = Instant::now() + Duration::from_secs(20);
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end");
    }

    pub fn client(&self) -> Client {
        Client {
            host: self.host.clone(),
            cookie: None,
        }
    }

    /// Opens a link, the first one unless another is given.
    pub fn signed_in(&self, link: Option<&str>) -> Client {
        let mut client = self.client();
        let answer = client.open(link.unwrap_or(&self.link));
        assert_eq!(answer.status, 303, "{}", answer.body);
        client
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub struct Client {
    pub host: String,
    pub cookie: Option<String>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}

impl Client {
    /// Sends a request as it is given.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = self.ask(method, path, headers, body);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer {
            status,
            head: head.to_lowercase(),
            body: body.to_owned(),
        }
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.host,
            body.len()
        );
        if let Some(cookie) = &self.cookie {
            head.push_str(&format!("Cookie: vigie={cookie}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        stream
            .write_all(format!("{head}\r\n{body}").as_bytes())
            .unwrap();
        stream
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "")
    }

    /// As the page posts.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        let headers = [("X-Vigie", "1"), ("Content-Type", "application/json")];
        self.send("POST", path, &headers, &body.to_string())
    }

    /// Opens a link and keeps the cookie.
    pub fn open(&mut self, link: &str) -> Answer {
        let path = link.split_once(&self.host).unwrap().1;
        let answer = self.get(path);
        let cookie = answer.head.split_once("set-cookie: vigie=");
        self.cookie = cookie.map(|(_, rest)| rest.split(';').next().unwrap().to_owned());
        answer
    }

    /// Asks until an answer is as wanted.
    pub fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let answer = self.get(path).json();
            if wanted(&answer) {
                return answer;
            }
            assert!(began.elapsed() < Duration::from_secs(90), "{answer}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The parts of the first events, until one names `part`.
    pub fn event_about(&self, part: &str) -> Value {
        let stream = self.ask("GET", "/api/v1/events", &[], "");
        for line in BufReader::new(stream).lines() {
            let line = line.unwrap();
            if let Some(data) = line.strip_prefix("data: ") {
                let data: Value = serde_json::from_str(data).unwrap();
                if data["parts"].as_array().unwrap().contains(&part.into()) {
                    return data;
                }
            }
        }
        panic!("the stream has ended");
    }
}
