//! Answers every request with the transaction. Prints its base URL, and ends with its standard input.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use overhead::{ANSWER, Outcome};

fn serve(stream: TcpStream) -> Outcome {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nrequest-id: r-1\r\ncontent-length: {}\r\n\r\n{ANSWER}",
        ANSWER.len()
    );
    while let Some(line) = lines.next().transpose()? {
        if line.is_empty() {
            writer.write_all(answer.as_bytes())?;
        }
    }
    Ok(())
}

fn main() -> Outcome {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    println!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that is gone is no fault.
            std::thread::spawn(move || serve(stream).is_ok());
        }
    });
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
