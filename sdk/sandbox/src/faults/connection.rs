//! Connections that can be broken instead of a response.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener as Listen};
use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The fate of a connection instead of the next response.
#[derive(Debug)]
pub(super) enum Cut {
    /// It is reset.
    Reset,
    /// It is closed after these bytes.
    Close(Bytes),
}

/// The connection of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connection(Arc<Mutex<Option<Cut>>>);

impl Connection {
    /// Cuts the connection as soon as a response is written to it.
    pub(super) fn cut(&self, cut: Cut) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(cut);
    }

    fn take(&self) -> Option<Cut> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Connected<IncomingStream<'_, Listener>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        stream.io().connection.clone()
    }
}

/// A listener whose connections can be cut, and end with the sandbox.
#[derive(Debug)]
pub(crate) struct Listener {
    listener: TcpListener,
    /// Closed when the sandbox ends.
    open: watch::Receiver<()>,
}

impl Listener {
    pub(crate) fn new(listener: TcpListener, open: watch::Receiver<()>) -> Self {
        Self { listener, open }
    }
}

impl Listen for Listener {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Stream, SocketAddr) {
        let (stream, address) = Listen::accept(&mut self.listener).await;
        // Responses are written at once.
        let _ = stream.set_nodelay(true);
        let mut open = self.open.clone();
        let stream = Stream {
            stream,
            end: Box::pin(async move { while open.changed().await.is_ok() {} }),
            has_ended: false,
            connection: Connection::default(),
            last: None,
        };
        (stream, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that can be cut.
pub(crate) struct Stream {
    stream: TcpStream,
    /// The end of the sandbox, which the tasks of connections outlive otherwise.
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
    has_ended: bool,
    connection: Connection,
    /// The bytes that are left to write before it is closed.
    last: Option<Bytes>,
}

impl Stream {
    /// Returns an error once the sandbox has ended.
    fn check_end(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        self.has_ended = self.has_ended || self.end.as_mut().poll(cx).is_ready();
        match self.has_ended {
            true => Err(io::ErrorKind::ConnectionAborted.into()),
            false => Ok(()),
        }
    }

    /// Cuts the connection, if it is to be cut: ready with the error that ends it, or with none.
    fn poll_cut(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        self.check_end(cx)?;
        match self.connection.take() {
            Some(Cut::Reset) => {
                // Closed with unsent data thrown away, which TCP does by a reset.
                self.stream.set_zero_linger()?;
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            Some(Cut::Close(last)) => self.last = Some(last),
            None => {}
        }
        let Some(last) = self.last.as_mut() else {
            return Poll::Ready(Ok(()));
        };
        while last.has_remaining() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, last))?;
            last.advance(written);
        }
        ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check_end(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_cut(cx))?;
        Pin::new(&mut self.stream).poll_write(cx, buffer)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_cut(cx))?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
