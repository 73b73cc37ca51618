//! Zstandard files (<https://www.rfc-editor.org/rfc/rfc8878#section-3>): any number of frames, some of them to be
//! skipped.

use std::io::{self, BufRead, Error, ErrorKind, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// A frame without data, of one segment.
const EMPTY: [u8; 9] = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x00, 0x01, 0x00, 0x00];

/// The data of all frames of a stream. A frame whose window is larger than 100 MiB is refused by the library, but for
/// the first that a decoder sees: that is [`EMPTY`].
pub(super) struct Frames<R: BufRead> {
    stream: R,
    decoder: FrameDecoder,
}

impl<R: BufRead> Frames<R> {
    /// Over a stream that begins with a frame.
    ///
    /// # Errors
    /// None but those of a library that does not read an empty frame.
    pub fn new(stream: R) -> io::Result<Frames<R>> {
        let (mut decoder, mut empty) = (FrameDecoder::new(), &EMPTY[..]);
        decoder.reset(&mut empty).map_err(Error::other)?;
        decoder.decode_blocks(&mut empty, BlockDecodingStrategy::All).map_err(Error::other)?;
        Ok(Frames { stream, decoder })
    }

    /// Goes on to the next frame with data; false where the stream ends.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.stream.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.stream) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let length = u64::from(length);
                    if io::copy(&mut self.stream.by_ref().take(length), &mut io::sink())? < length {
                        return Err(ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(e) => return Err(Error::other(e)),
            }
        }
        Ok(false)
    }

    /// Whether the data of the frame that was read to its end is what its checksum says.
    fn is_whole(&self) -> bool {
        self.decoder.get_checksum_from_data().is_none_or(|sum| self.decoder.get_calculated_checksum() == Some(sum))
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.decoder.can_collect() == 0 {
            if !self.decoder.is_finished() {
                let next = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.stream, next).map_err(Error::other)?;
            } else if !self.is_whole() {
                return Err(Error::new(ErrorKind::InvalidData, "the checksum of a Zstandard frame does not match"));
            } else if !self.begin()? {
                return Ok(0);
            }
        }
        self.decoder.read(out)
    }
}
